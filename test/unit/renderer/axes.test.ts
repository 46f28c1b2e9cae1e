import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisFor, type Axis } from '../../../renderer/charts/axis'
import { dataRange, ratioAxis, ratioPosition } from '../../../renderer/charts/ratio-scale'
import { xTicks } from '../../../renderer/charts/x-ticks'

const texts = (axis: Axis): string[] => axis.ticks.map(axis.label)

describe('the labels of a vertical axis', () => {
  it('say small numbers, each with a text of its own', () => {
    expect(texts(axisFor('log', 1e-16, 1e-12))).toEqual(['1e-16', '1e-15', '1e-14', '1e-13', '1e-12'])
    expect(texts(axisFor('linear', 0, 9e-16))).toEqual(['0', '2e-16', '4e-16', '6e-16', '8e-16', '1e-15'])
    expect(texts(axisFor('zero', 0, 1e-30))).not.toContain(undefined)
    expect(texts(axisFor('linear', 1, 1.00001))).toEqual(['1.000000', '1.000005', '1.000010'])
    expect(texts(axisFor('log', 0.98, 1.02))).toEqual(['0.98', '0.99', '1.00', '1.01', '1.02'])
  })

  it('are never alike, never 0 on a logarithmic axis, and the numbers that they stand at', () => {
    const size = fc.double({ min: -300, max: 300, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom('linear' as const, 'log' as const, 'zero' as const),
        size,
        fc.double({ min: 1e-9, max: 40, noNaN: true }),
        fc.boolean(),
        (kind, exponent, decades, isNegative) => {
          const low = 10 ** exponent
          const high = Math.min(1e306, low * 10 ** decades)
          const [from, to] = isNegative && kind !== 'log' ? [-high, -low] : [low, high]
          const axis = axisFor(kind, from, to)
          const said = texts(axis)
          expect(new Set(said).size).toBe(said.length)
          if (kind === 'log') expect(said).not.toContain('0')
          for (const [i, tick] of axis.ticks.entries()) {
            expect(axis.place(Number(said[i]))).toBeCloseTo(tick, 6)
            expect(tick).toBeGreaterThanOrEqual(axis.from)
            expect(tick).toBeLessThanOrEqual(axis.to)
          }
          expect(axis.place(from)).toBeGreaterThanOrEqual(axis.from - 1e-6 * Math.abs(axis.from) - 1e-9)
          expect(axis.place(to)).toBeLessThanOrEqual(axis.to + 1e-6 * Math.abs(axis.to) + 1e-9)
        },
      ),
    )
  })
})

it('the labels of a horizontal axis are never alike, whatever is counted', () => {
  const said = (kind: 'whole' | 'number' | 'time', from: number, to: number): string[] => {
    const { values, label } = xTicks(kind, from, to, 6)
    return values.map(label)
  }
  expect(said('whole', 0, 60_000)).toEqual(['0', '10k', '20k', '30k', '40k', '50k', '60k'])
  expect(said('whole', 2, 4)).toEqual(['2', '3', '4'])
  expect(said('time', 0, 3)).toEqual(['0 s', '1 s', '2 s', '3 s'])
  expect(said('time', 0, 2)).toEqual(['0 s', '0.5 s', '1.0 s', '1.5 s', '2.0 s'])
  expect(said('time', 3590, 3700)).toContain('1 h 1 min')
  for (const kind of ['whole', 'number', 'time'] as const)
    for (let to = 1e-3; to < 1e8; to *= 3)
      for (const from of [0, to / 2, to * 0.999]) expect(new Set(said(kind, from, to)).size).toBe(said(kind, from, to).length)
})

describe('the range of a profile', () => {
  it('is as wide as its ratios, symmetric about 1, with labels inside', () => {
    expect(dataRange([[0.98, 1.01, 1]])).toBeCloseTo(1 / 0.98, 6)
    expect(dataRange([[0.98, 1.021, 1]])).toBeCloseTo(1 / 0.95, 6)
    expect(dataRange([[0.5, 1]])).toBe(2)
    expect(dataRange([[1.4, 1]])).toBe(1.5)
    expect(dataRange([[0.3], [1.2]])).toBe(5)
    expect(dataRange([[200, 1]])).toBe(1000)
    expect(dataRange([[NaN, 0, Infinity], null])).toBe(10)
    for (const range of [1.001, 1 / 0.95, 1.1, 1.5, 2, 3, 5, 10, 100, 1e12]) {
      const axis = ratioAxis(range)
      const said = texts(axis)
      expect(said.length).toBeGreaterThan(2)
      expect(new Set(said).size).toBe(said.length)
      expect(axis.ticks.every((tick) => Math.abs(tick) <= 1)).toBe(true)
      for (const [i, tick] of axis.ticks.entries()) expect(ratioPosition(Number(said[i]), range)).toBeCloseTo(tick, 6)
    }
  })

  it('leaves a single one far off outside, where it is marked', () => {
    const many = Array.from({ length: 100 }, (_, i) => 1 + (i % 10) / 1000)
    expect(dataRange([[...many, 1e6]])).toBeLessThan(1.1)
    expect(dataRange([[...many, 1.05]])).toBeGreaterThan(1.05)
  })
})
