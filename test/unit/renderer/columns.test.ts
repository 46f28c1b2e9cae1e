import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestIndex } from '../../../renderer/charts/curve-option'
import { axisEnd, GrowingColumn, thinned } from '../../../renderer/charts/growing-columns'

describe('a growing column', () => {
  it('gives back what was pushed, beyond its first room too', () => {
    const column = new GrowingColumn()
    for (let i = 0; i < 5000; i++) column.push(i * 2)
    expect(column.length).toBe(5000)
    expect(column.at(4999)).toBe(9998)
    expect(column.view()[2500]).toBe(5000)
    expect(column.at(5000)).toBeNaN()
  })
})

describe('thinning a curve', () => {
  it('keeps the largest and the smallest value, the order of steps, and about the number of points asked', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 3000 }), (y) => {
        const x = y.map((_, i) => i + 1)
        const flat = thinned(x, y, 100)
        const xs = [...flat].filter((_, i) => i % 2 === 0)
        const ys = [...flat].filter((_, i) => i % 2 === 1)
        expect(ys.length).toBeLessThanOrEqual(Math.max(100, 1) + 1)
        expect(Math.max(...ys)).toBe(Math.max(...y))
        expect(Math.min(...ys)).toBe(Math.min(...y))
        expect(xs).toEqual([...xs].sort((a, b) => a - b))
      }),
    )
  })

  it('keeps a gap a gap', () => {
    const y = Array.from({ length: 1000 }, (_, i) => (i === 500 ? NaN : 1))
    expect(
      [
        ...thinned(
          y.map((_, i) => i),
          y,
          50,
        ),
      ].some(Number.isNaN),
    ).toBe(true)
  })
})

it('an axis ends at a round number beyond what is reached, never beyond what is planned', () => {
  expect(axisEnd(0, 0)).toBe(10)
  expect(axisEnd(11, 1000)).toBe(12)
  expect(axisEnd(101, 1000)).toBe(120)
  expect(axisEnd(990, 1000)).toBe(1000)
  expect(axisEnd(3, 5)).toBe(5)
  expect(axisEnd(1300, 1250)).toBe(1500)
})

it('the nearest step is found by halving', () => {
  const steps = Float64Array.from([1, 2, 3, 10, 20])
  expect([0, 2.4, 6, 7, 100].map((x) => steps[nearestIndex(steps, x)])).toEqual([1, 2, 3, 10, 20])
  expect(nearestIndex([], 3)).toBe(-1)
})
