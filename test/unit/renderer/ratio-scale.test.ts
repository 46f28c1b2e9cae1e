import { describe, expect, it } from 'vitest'
import { ratioIndex, ratioPosition, reachOf } from '../../../renderer/charts/ratio-scale'
import { colourAt, NOT_MEASURED, ratioTable, type RatioColours } from '../../../renderer/theme/ratio-colours'

const colours: RatioColours = {
  under: [0, 0, 1],
  over: [1, 0, 0],
  notFinite: [7, 7, 7],
  missing: [9, 9, 9],
  stops: [
    [0, 0, 200],
    [100, 100, 220],
    [240, 240, 240],
    [220, 140, 100],
    [200, 80, 0],
  ],
}

describe('the scale of the ratio', () => {
  it('is symmetric about 1 on a log axis', () => {
    expect(ratioPosition(1, 10)).toBe(0)
    expect(ratioPosition(10, 10)).toBeCloseTo(1)
    expect(ratioPosition(0.1, 10)).toBeCloseTo(-1)
    for (const ratio of [1.1, 2, 7.5]) expect(ratioPosition(ratio, 10)).toBeCloseTo(-ratioPosition(1 / ratio, 10))
  })

  it('has 0 below everything, and no place for what is not finite or negative', () => {
    expect(ratioPosition(0, 10)).toBe(-Infinity)
    for (const ratio of [NaN, Infinity, -1]) expect(ratioPosition(ratio, 10)).toBeNaN()
  })

  it('paints 1 neutral, the ends in their colours, and what lies beyond in colours of its own', () => {
    const table = ratioTable(colours)
    const bytes = (ratio: number): number[] => {
      const word = table[ratioIndex(ratio, 10)]!
      return [word & 255, (word >> 8) & 255, (word >> 16) & 255]
    }
    expect(Math.max(...bytes(1).map((part) => Math.abs(part - 240)))).toBeLessThan(3)
    expect(bytes(0.1)).toEqual([0, 0, 200])
    expect(bytes(10)).toEqual([200, 80, 0])
    expect(bytes(0.05)).toEqual([0, 0, 1])
    expect(bytes(20)).toEqual([1, 0, 0])
    expect(bytes(0)).toEqual([0, 0, 1])
    expect([bytes(NaN), bytes(Infinity)]).toEqual([
      [7, 7, 7],
      [7, 7, 7],
    ])
    expect(colourAt(NOT_MEASURED, table)).toBe('rgb(9 9 9)')
  })
})

it('draws of a wide range what its ratios reach', () => {
  const { from, to } = reachOf([[1e-15, 0, 3.4, NaN]], 1e15)
  expect(from).toBe(-1)
  expect(to).toBeCloseTo(ratioPosition(5, 1e15))
  expect(reachOf([[0.01, 90]], 100)).toEqual({ from: -1, to: 1 })
  expect(reachOf([[0.5, 1]], 10)).toEqual({ from: -1, to: 1 })
})
