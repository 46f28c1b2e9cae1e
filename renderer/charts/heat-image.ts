import { NOT_MEASURED } from '../theme/ratio-colours'
import { ratioIndex, ratioPosition, type RatioRange } from './ratio-scale'

/** A row of the heat map: one value a unit, and the extremes of what it stands for. */
export interface HeatRow {
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
  /** Steps of each unit that were left out, since their ratio was not finite; absent where not known. */
  readonly notFinite?: Float32Array | undefined
}

/** What a cell's colour is: the mean of its steps, or the one farthest from 1, so that a spike of one step is seen. */
export type HeatValue = 'mean' | 'farthest'

/**
 * Paints rows × units as pixels, one word of RGBA a pixel. Where there are more cells than pixels, a pixel shows the cell
 * that lies farthest from 1 (one that is not finite before all, one that was not measured after all): what is extreme is never averaged
 * away.
 *
 * @param pixels Room for columns·lines words.
 * @param value What a cell stands for.
 * @param from,to First and last unit, both included.
 * @param planned Rows that the height stands for; those beyond `rows` stay transparent.
 */
export function paintHeat(
  pixels: Uint32Array,
  columns: number,
  lines: number,
  rows: readonly HeatRow[],
  value: HeatValue,
  from: number,
  to: number,
  planned: number,
  range: RatioRange,
  table: Uint32Array,
): void {
  pixels.fill(0)
  const units = to - from + 1
  for (let y = 0; y < lines; y++) {
    const firstRow = Math.floor((y * planned) / lines)
    const endRow = Math.max(firstRow + 1, Math.floor(((y + 1) * planned) / lines))
    if (firstRow >= rows.length) break
    for (let x = 0; x < columns; x++) {
      const first = from + Math.floor((x * units) / columns)
      const end = Math.max(first + 1, from + Math.floor(((x + 1) * units) / columns))
      let farthest = -1
      let colour = NOT_MEASURED
      for (let r = firstRow; r < endRow && r < rows.length; r++) {
        for (let u = first; u < end; u++) {
          const index = cellIndex(rows[r]!, u, value, range)
          if (index === NOT_MEASURED) continue
          const position = ratioPosition(cellValue(rows[r]!, u, value), range)
          // A ratio of 0 lies infinitely far from 1, and still a cell without a number comes before it.
          const far = Number.isNaN(position) ? Infinity : Math.min(Number.MAX_VALUE, Math.abs(position))
          if (far > farthest) {
            farthest = far
            colour = index
          }
        }
      }
      pixels[y * columns + x] = table[colour]!
    }
  }
}

/** Index of a cell's colour: a cell without a number is either not finite in all of its steps, or was not measured. */
export function cellIndex(row: HeatRow, unit: number, value: HeatValue, range: RatioRange): number {
  const mean = row.mean[unit]
  if (mean === undefined || (Number.isNaN(mean) && row.notFinite?.[unit] === 0)) return NOT_MEASURED
  return ratioIndex(cellValue(row, unit, value), range)
}

/** Whether a cell has a number, and yet steps that were not finite, which a mark tells. */
export function isPartial(row: HeatRow, unit: number): boolean {
  return (row.notFinite?.[unit] ?? 0) > 0 && Number.isFinite(row.mean[unit] ?? NaN)
}

/** The ratio that a cell stands for; NaN where there is none. */
export function cellValue(row: HeatRow, unit: number, value: HeatValue): number {
  return value === 'mean' ? (row.mean[unit] ?? NaN) : farthest(row, unit)
}

/** The least or the greatest ratio of a cell, whichever is farther from 1 on the log scale; NaN where the mean is none. */
export function farthest({ mean, min, max }: HeatRow, unit: number): number {
  if (!Number.isFinite(mean[unit] ?? NaN)) return NaN
  const [low, high] = [min[unit]!, max[unit]!]
  return low > 0 && 1 / low < high ? high : low
}
