export type Rgb = readonly [number, number, number]

export interface RatioColours {
  /** Below and above the range. */
  readonly under: Rgb
  readonly over: Rgb
  /** Measured, but no number: NaN or infinite. */
  readonly notFinite: Rgb
  /** Not measured. */
  readonly missing: Rgb
  /** Five or more stops from 1/range to range. */
  readonly stops: readonly Rgb[]
}

const STEPS = 256

/** Index of the colour of what was not measured in `ratioTable`. */
export const NOT_MEASURED = STEPS + 3

/**
 * Colours of all positions as a table, for painting many cells: entries 0 and 257 are under and over, 258 is what is not finite, 259
 * what was not measured.
 */
export function ratioTable(colours: RatioColours): Uint32Array {
  const table = new Uint32Array(STEPS + 4)
  table[0] = packed(colours.under)
  for (let i = 0; i < STEPS; i++) table[i + 1] = packed(between(colours.stops, i / (STEPS - 1)))
  table[STEPS + 1] = packed(colours.over)
  table[STEPS + 2] = packed(colours.notFinite)
  table[NOT_MEASURED] = packed(colours.missing)
  return table
}

/** Index of the colour of a place on the axis in `ratioTable`. */
export function positionIndex(position: number): number {
  if (Number.isNaN(position)) return STEPS + 2
  if (position < -1 - 1e-6) return 0
  if (position > 1 + 1e-6) return STEPS + 1
  return 1 + Math.round(((Math.min(1, Math.max(-1, position)) + 1) / 2) * (STEPS - 1))
}

/** A colour of the table in CSS. */
export function colourAt(index: number, table: Uint32Array): string {
  const word = table[index]!
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
