import { colourAt, positionIndex } from '../theme/ratio-colours'
import { plainNumber } from '../ui/format'
import { nearest, roundTicks, type Axis } from './axis'

/**
 * The one scale of the gradient-norm ratio: logarithmic, 1 in the middle, blue below, orange above. Profile, heat map,
 * badges and legends all read it here; its colours are the tokens --ratio-*.
 */

/** Half-width of the axis as a factor: 10 shows 0.1 to 10, as the paper's figures do. */
export type RatioRange = number

/** Ranges to choose from. */
const RATIO_RANGES = [10, 2, 1.1] as const
export type FixedRange = (typeof RATIO_RANGES)[number]
export const RATIO_RANGE_OPTIONS = RATIO_RANGES.map((value) => ({
  value,
  text: { 10: '0.1–10', 2: '0.5–2', 1.1: '0.91–1.1' }[value],
}))

/** A profile's range: one of the fixed ones, or as wide as its values. */
export type RangeChoice = 'data' | FixedRange
export const RANGE_CHOICES: readonly { value: RangeChoice; text: string }[] = [
  { value: 'data', text: 'data' },
  ...RATIO_RANGE_OPTIONS,
]

/** The range of colours that goes with a choice: where the axis follows the data, colours stay comparable from run to run. */
export function colourRange(choice: RangeChoice): FixedRange {
  return choice === 'data' ? 10 : choice
}

/** Values that the axis of a range labels, each with a text of its own. */
export function ratioTicks(range: RatioRange): { values: readonly number[]; texts: readonly string[] } {
  if (range < 2) {
    const { values, texts } = roundTicks(1 / range, range, 4, 'inside')
    return { values, texts }
  }
  const decades = Math.floor(Math.log10(range) + 1e-9)
  const every = Math.max(1, Math.ceil(decades / 4))
  const right = range < 10 ? [1.4, 2, 5].filter((tick) => tick <= range) : range < 100 ? [2, 5, 10] : []
  if (range >= 100) for (let decade = every; decade <= decades; decade += every) right.push(Number(`1e${decade}`))
  // 1/1.4 is 0.7 in two digits; the others are exact.
  const left = right.map((tick) => Number((1 / tick).toPrecision(1))).reverse()
  const values = [...left, 1, ...right].filter((tick, i, all) => tick >= 1 / range - 1e-12 && tick !== all[i - 1])
  return { values, texts: values.map(plainNumber) }
}

/** The axis of a range, from −1 to 1: symmetric on a log scale, 1 in the middle; or the part of it that is drawn. */
export function ratioAxis(range: RatioRange, { from, to }: Reach = WHOLE_REACH): Axis {
  const { values, texts } = ratioTicks(range)
  const place = (ratio: number): number => ratioPosition(ratio, range)
  const all = values.map((value) => Math.min(1, Math.max(-1, place(value))))
  const ticks = all.filter((tick) => tick >= from - 1e-9 && tick <= to + 1e-9)
  return { from, to, ticks, place, label: (position) => texts[nearest(all, position)] ?? '' }
}

/** Parts of 1 that a narrow range reaches down from it. */
const NARROW = [1, 2, 3, 4, 5, 6].flatMap((n) => [5, 2, 1].map((m) => Number(`${m}e-${n}`))).reverse()

/**
 * The least round range that holds the ratios of all columns. What lies more than eight times as far from 1 (in decades) as nineteen
 * in twenty of them is left outside, where the profile marks it.
 */
export function dataRange(columns: readonly (ArrayLike<number> | null | undefined)[]): RatioRange {
  const far: number[] = []
  for (const column of columns)
    for (let i = 0; i < (column?.length ?? 0); i++) {
      const away = Math.abs(Math.log10(column![i]!))
      if (Number.isFinite(away)) far.push(away)
    }
  if (far.length === 0) return 10
  far.sort((a, b) => a - b)
  const [common, farthest] = [far[Math.ceil(far.length * 0.95) - 1]!, far[far.length - 1]!]
  const needed = 10 ** Math.min(300, common > 0 && farthest > 8 * common ? 1.5 * common : farthest)
  const narrow = NARROW.find((part) => part <= 0.3 && 1 / (1 - part) >= needed * (1 - 1e-9))
  if (narrow !== undefined) return 1 / (1 - narrow)
  return [1.5, 2, 3, 5].find((range) => range >= needed) ?? 10 ** Math.max(1, Math.ceil(Math.log10(needed) - 1e-9))
}

/** The part of a range's axis that is drawn, as positions; 1 is always in it. */
export interface Reach {
  readonly from: number
  readonly to: number
}
export const WHOLE_REACH: Reach = { from: -1, to: 1 }

/**
 * The part of a wide range that its ratios reach: a side of several decades on which they stay near 1 ends at the first round number
 * beyond them.
 */
export function reachOf(columns: readonly (ArrayLike<number> | null | undefined)[], range: RatioRange): Reach {
  if (range < 100) return WHOLE_REACH
  let [low, high] = [0, 0]
  for (const column of columns)
    for (let i = 0; i < (column?.length ?? 0); i++) {
      const place = ratioPosition(column![i]!, range)
      if (Number.isNaN(place)) continue
      low = Math.min(low, place)
      high = Math.max(high, place)
    }
  const decade = 1 / Math.log10(range)
  const narrow = [2, 5, 10].map((ratio) => ratioPosition(ratio, range))
  const end = (place: number): number =>
    Math.min(1, narrow.find((step) => step >= place - 1e-9) ?? Math.ceil(place / decade - 1e-9) * decade)
  return { from: -end(-low), to: end(high) }
}

/**
 * Where a ratio lies: −1 at 1/range, 0 at 1, 1 at range; beyond ±1 outside of it, a ratio of 0 infinitely far below; NaN for what is
 * not finite or negative.
 */
export function ratioPosition(ratio: number, range: RatioRange): number {
  if (!Number.isFinite(ratio) || ratio < 0) return NaN
  return Math.log(ratio) / Math.log(range)
}

/** Index of a ratio's colour in `ratioTable`. */
export function ratioIndex(ratio: number, range: RatioRange): number {
  return positionIndex(ratioPosition(ratio, range))
}

/** A ratio's colour in CSS. */
export function ratioColour(ratio: number, range: RatioRange, table: Uint32Array): string {
  return colourAt(ratioIndex(ratio, range), table)
}
