/**
 * The one scale of the gradient-norm ratio: logarithmic, 1 in the middle, blue below, orange above. Profile, heat map,
 * badges and legends all read it here; its colours are the tokens --ratio-*.
 */

/** Half-width of the axis as a factor: 10 shows 0.1 to 10, as the paper's figures do. */
export type RatioRange = 10 | 2 | 1.1

export const RATIO_RANGES: readonly RatioRange[] = [10, 2, 1.1]

/** Values that the axis labels for each range; symmetric on a log scale. */
export const RATIO_TICKS: Readonly<Record<RatioRange, readonly number[]>> = {
  10: [0.1, 0.2, 0.5, 1, 2, 5, 10],
  2: [0.5, 0.7, 1, 1.4, 2],
  1.1: [0.91, 0.95, 1, 1.05, 1.1],
}

export type Rgb = readonly [number, number, number]

export interface RatioColours {
  /** Below and above the range. */
  readonly under: Rgb
  readonly over: Rgb
  /** No number: NaN or infinite. */
  readonly missing: Rgb
  /** Five or more stops from 1/range to range. */
  readonly stops: readonly Rgb[]
}

/** Where a ratio lies: −1 at 1/range, 0 at 1, 1 at range; beyond ±1 outside of it; NaN where there is no number or it is not positive. */
export function ratioPosition(ratio: number, range: RatioRange): number {
  if (!Number.isFinite(ratio) || ratio <= 0) return NaN
  return Math.log(ratio) / Math.log(range)
}

const STEPS = 256

/**
 * Colours of all positions as a table, for painting many cells: entries 0 and 257 are under and over, 258 is missing.
 */
export function ratioTable(colours: RatioColours): Uint32Array {
  const table = new Uint32Array(STEPS + 3)
  table[0] = packed(colours.under)
  for (let i = 0; i < STEPS; i++) table[i + 1] = packed(between(colours.stops, i / (STEPS - 1)))
  table[STEPS + 1] = packed(colours.over)
  table[STEPS + 2] = packed(colours.missing)
  return table
}

/** Index of a ratio's colour in `ratioTable`. */
export function ratioIndex(ratio: number, range: RatioRange): number {
  return positionIndex(ratioPosition(ratio, range))
}

/** Index of the colour of a place on the axis in `ratioTable`. */
export function positionIndex(position: number): number {
  if (Number.isNaN(position)) return STEPS + 2
  if (position < -1 - 1e-6) return 0
  if (position > 1 + 1e-6) return STEPS + 1
  return 1 + Math.round(((Math.min(1, Math.max(-1, position)) + 1) / 2) * (STEPS - 1))
}

/** A ratio's colour in CSS. */
export function ratioColour(ratio: number, range: RatioRange, table: Uint32Array): string {
  const word = table[ratioIndex(ratio, range)]!
  return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`
}

/** Little-endian RGBA, as ImageData's bytes lie in memory. */
function packed([r, g, b]: Rgb): number {
  return (255 << 24) | (b << 16) | (g << 8) | r
}

function between(stops: readonly Rgb[], t: number): Rgb {
  const place = t * (stops.length - 1)
  const left = Math.min(stops.length - 2, Math.floor(place))
  const share = place - left
  const [a, b] = [stops[left]!, stops[left + 1]!]
  return [0, 1, 2].map((i) => Math.round(a[i]! + (b[i]! - a[i]!) * share)) as unknown as Rgb
}
