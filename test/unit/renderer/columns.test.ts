import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisFor } from '../../../renderer/charts/axis'
import { axisEnd, GrowingColumn } from '../../../renderer/charts/growing-columns'
import { smoothed } from '../../../renderer/charts/smoothing'
import { nearestIndex, thin } from '../../../renderer/charts/thin'

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
  it('keeps the largest and the smallest value in view, the order, and no more buckets than asked', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 3000 }), (y) => {
        const x = y.map((_, i) => i + 1)
        const thinned = thin(x, y, 1, y.length, 100)
        expect(thinned.x.length).toBeLessThanOrEqual(100)
        expect(Math.max(...thinned.max)).toBe(Math.max(...y))
        expect(Math.min(...thinned.min)).toBe(Math.min(...y))
        expect([...thinned.x]).toEqual([...thinned.x].sort((a, b) => a - b))
        expect(thinned.perBucket).toBe(Math.ceil(y.length / 100))
      }),
    )
  })

  it('counts all values that came at one moment at the end of the view, and draws a line between rare ones', () => {
    const together = [1, 2, 3, 3, 3, 3]
    expect(thin(together, [0, 0, 0, 0, 0, 9], 1, 3, 2).max[1]).toBe(9)
    const x = Array.from({ length: 2000 }, (_, i) => i)
    const rare = thin(x, x.map((i) => (i % 100 === 0 ? i : NaN)), 0, 2000, 500) // prettier-ignore
    expect([rare.x.length, rare.broken.some(Boolean)]).toEqual([20, false])
  })

  it('shows a spike of one step at every zoom, and each step where there is room', () => {
    const x = Array.from({ length: 60_000 }, (_, i) => i + 1)
    const y = x.map((step) => (step === 31_234 ? 50 : 1))
    for (const [from, to] of [
      [0, 60_000],
      [31_000, 32_000],
      [31_230, 31_240],
    ] as const)
      expect(Math.max(...thin(x, y, from, to, 400).max)).toBe(50)
    expect(thin(x, y, 31_230, 31_240, 400).perBucket).toBe(1)
  })

  it('keeps every value that was measured now and then, and the line goes from one to the next', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i + 1)
    const y = x.map((step) => (step % 10 === 1 ? step : NaN))
    for (const [from, to, expected] of [
      [0, 1000, 100],
      [500, 560, 8],
    ] as const) {
      const { x: places, mean, broken } = thin(x, y, from, to, 200)
      expect(places.length).toBe(expected)
      expect([...mean]).toEqual([...places])
      expect([...broken].every((is) => is === 0)).toBe(true)
    }
  })

  it('breaks the line where a value is missing that the curve’s rhythm has', () => {
    const thinned = thin([1, 2, 3, 4, 5], [1, 2, NaN, 4, 5], 1, 5, 10)
    expect([...thinned.x]).toEqual([1, 2, 4, 5])
    expect([...thinned.broken]).toEqual([0, 0, 1, 0])
  })
})

describe('smoothing', () => {
  it('is the exponential mean, corrected for its start, and off at 0', () => {
    const [a, b, c] = smoothed([1, 2, 4], 0.5)
    expect(a).toBeCloseTo(1)
    expect(b).toBeCloseTo((0.5 * 1 + 1 * 2) / 1.5)
    expect(c).toBeCloseTo((0.25 * 1 + 0.5 * 2 + 1 * 4) / 1.75)
    expect([...smoothed([3, NaN, 5], 0)]).toEqual([3, NaN, 5])
  })

  it('leaves a constant as it is, to the last bit, thinned too', () => {
    const constant = Array.from({ length: 5000 }, (_, i) => (i % 7 === 3 ? NaN : 0.1))
    for (const weight of [0.3, 0.6, 0.9, 0.99]) {
      const smooth = smoothed(constant, weight)
      expect(new Set(smooth)).toEqual(new Set([0.1, NaN]))
      expect(new Set(thin([...constant.keys()], smooth, 0, 5000, 200).mean)).toEqual(new Set([0.1]))
    }
  })
})

describe('a vertical axis', () => {
  it('ends at round numbers around its values, whatever the scale', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('linear' as const, 'log' as const, 'zero' as const),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (kind, low, width) => {
          const axis = axisFor(kind, low, low + width)
          expect(axis.place(low)).toBeGreaterThanOrEqual(axis.from - 1e-6 * Math.abs(axis.from) - 1e-9)
          expect(axis.place(low + width)).toBeLessThanOrEqual(axis.to + 1e-6 * Math.abs(axis.to) + 1e-9)
          expect(axis.ticks.length).toBeGreaterThan(0)
          expect(axis.ticks.length).toBeLessThan(12)
        },
      ),
    )
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
