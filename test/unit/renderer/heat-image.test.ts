import { expect, it } from 'vitest'
import { paintHeat } from '../../../renderer/charts/heat-image'
import { heatLegend } from '../../../renderer/charts/heat-legend'
import { ratioIndex } from '../../../renderer/charts/ratio-scale'
import { NOT_MEASURED } from '../../../renderer/theme/ratio-colours'

/** A table whose colours are their own indices, so that pixels can be read back. */
const table = Uint32Array.from({ length: 260 }, (_, index) => 0xff000000 + index)
const colourOf = (ratio: number): number => 0xff000000 + ratioIndex(ratio, 10)
const row = (...mean: number[]) => ({ mean: Float32Array.from(mean), min: Float32Array.from(mean), max: Float32Array.from(mean) })

it('paints a cell a pixel, and leaves the rows that are still to come transparent', () => {
  const pixels = new Uint32Array(6)
  paintHeat(pixels, 2, 3, [row(1, 2), row(0.5, NaN)], 'mean', 0, 1, 3, 10, table)
  expect([...pixels]).toEqual([colourOf(1), colourOf(2), colourOf(0.5), colourOf(NaN), 0, 0])
})

it('shows the cell farthest from 1 where many share a pixel, and one that is not finite before all', () => {
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

it('tells a ratio of 0 from one that is not finite and from one that was not measured, and the legend names what is there', () => {
  const measured = { ...row(0, NaN, 1, 20), notFinite: Float32Array.of(0, 4, 1, 0) }
  const left = { ...row(NaN, NaN, NaN, NaN), notFinite: new Float32Array(4) }
  const pixels = new Uint32Array(8)
  paintHeat(pixels, 4, 2, [measured, left], 'farthest', 0, 3, 2, 10, table)
  const none = 0xff000000 + NOT_MEASURED
  expect([...pixels]).toEqual([colourOf(0.001), colourOf(NaN), colourOf(1), colourOf(20), none, none, none, none])
  expect(heatLegend([measured, left], 4, 'farthest', 10).map(({ text }) => text)).toEqual([
    'below 0.1, or 0',
    'above 10',
    'not finite',
    'not finite in some steps',
    'not measured',
  ])
  expect(heatLegend([row(1, 2)], 2, 'mean', 10)).toEqual([])
})

it('shows a cell that was measured before one beside it that was not, and one that is not finite before a ratio of 0', () => {
  const pixels = new Uint32Array(2)
  const mixed = { ...row(NaN, 1, NaN, 0), notFinite: Float32Array.of(0, 0, 2, 0) }
  paintHeat(pixels, 2, 1, [mixed], 'mean', 0, 3, 1, 10, table)
  expect([...pixels]).toEqual([colourOf(1), colourOf(NaN)])
})
