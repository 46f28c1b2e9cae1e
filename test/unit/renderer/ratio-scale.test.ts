import { describe, expect, it } from 'vitest'
import { ratioIndex, ratioPosition, ratioTable, type RatioColours } from '../../../renderer/charts/ratio-scale'

const colours: RatioColours = {
  under: [0, 0, 1],
  over: [1, 0, 0],
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

  it('has no place for what is no positive number', () => {
    for (const ratio of [NaN, Infinity, 0, -1]) expect(ratioPosition(ratio, 10)).toBeNaN()
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
    expect(bytes(NaN)).toEqual([9, 9, 9])
  })
})
