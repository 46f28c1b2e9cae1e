import { expect, it } from 'vitest'
import { paintHeat } from '../../../renderer/charts/heat-image'
import { ratioIndex } from '../../../renderer/charts/ratio-scale'

/** A table whose colours are their own indices, so that pixels can be read back. */
const table = Uint32Array.from({ length: 259 }, (_, index) => 0xff000000 + index)
const colourOf = (ratio: number): number => 0xff000000 + ratioIndex(ratio, 10)
const row = (...mean: number[]) => ({ mean: Float32Array.from(mean), min: Float32Array.from(mean), max: Float32Array.from(mean) })

it('paints a cell a pixel, and leaves the rows that are still to come transparent', () => {
  const pixels = new Uint32Array(6)
  paintHeat(pixels, 2, 3, [row(1, 2), row(0.5, NaN)], 'mean', 0, 1, 3, 10, table)
  expect([...pixels]).toEqual([colourOf(1), colourOf(2), colourOf(0.5), colourOf(NaN), 0, 0])
})

it('shows the cell farthest from 1 where many share a pixel, and a missing one before all', () => {
  const pixels = new Uint32Array(2)
  paintHeat(pixels, 2, 1, [row(1, 1.1, 5, 1), row(1, 0.02, 1, NaN)], 'mean', 0, 3, 2, 10, table)
  expect([...pixels]).toEqual([colourOf(0.02), colourOf(NaN)])
})

it('carries a thousand blocks by three hundred epochs', () => {
  const rows = Array.from({ length: 300 }, (_, epoch) => {
    const mean = new Float32Array(1000).fill(1 + epoch / 300)
    return { mean, min: mean, max: mean }
  })
  const pixels = new Uint32Array(800 * 200)
  paintHeat(pixels, 800, 200, rows, 'mean', 0, 999, 300, 10, table)
  expect(pixels.every((word) => word !== 0)).toBe(true)
  expect(pixels[pixels.length - 1]).toBe(colourOf(1 + 299 / 300))
})

it('shows the spike of one step where a cell stands for its farthest value', () => {
  const pixels = new Uint32Array(2)
  const spike = { mean: Float32Array.of(1, 1), min: Float32Array.of(1, 0.01), max: Float32Array.of(7, 1.2) }
  paintHeat(pixels, 2, 1, [spike], 'farthest', 0, 1, 1, 10, table)
  expect([...pixels]).toEqual([colourOf(7), colourOf(0.01)])
})
