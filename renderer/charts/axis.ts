import { formatDecimal, plainNumber } from '../ui/format'

/**
 * Ends of an axis and where it is labelled. Positions are what is drawn: values in units of the step between two labels (the
 * drawing has no room for 1e-30), or their decimal logarithms.
 */
export interface Axis {
  readonly from: number
  readonly to: number
  /** Labelled positions, each with a text of its own. Gridlines stand there and nowhere else. */
  readonly ticks: readonly number[]
  /** From a value to its position; NaN for one that the axis cannot show. */
  readonly place: (value: number) => number
  readonly label: (position: number) => string
}

export type ScaleKind = 'linear' | 'log' | 'share' | 'zero'

/** What of a column an axis can show: finite, and on a logarithmic one positive. */
export function isShown(value: number, kind: ScaleKind): boolean {
  return Number.isFinite(value) && (kind !== 'log' || value > 0)
}

const GREATEST = 1e307

/** An axis that holds the values from `low` to `high`, with some `wanted` labels at round numbers. */
export function axisFor(kind: ScaleKind, low: number, high: number, wanted = 4): Axis {
  if (kind === 'share') return axisOf([0, 0.25, 0.5, 0.75, 1], ['0 %', '25 %', '50 %', '75 %', '100 %'], 0, 1, (value) => value)
  if (!(low <= high)) [low, high] = kind === 'log' ? [0.1, 10] : [0, 1]
  ;[low, high] = [Math.max(low, -GREATEST), Math.min(high, GREATEST)]
  // A constant lies in the middle.
  if (low === high && kind === 'linear') [low, high] = low === 0 ? [-1, 1] : [low - Math.abs(low) / 20, low + Math.abs(low) / 20]
  if (kind === 'log') return high > 0 ? logarithmic(low > 0 ? low : high / 1000, high, wanted) : logarithmic(0.1, 10, wanted)
  if (kind === 'zero') [low, high] = [Math.min(0, low), Math.max(0, high)]
  const { step, values, texts } = roundTicks(low, high, wanted, 'outside')
  const ticks = values.map((value) => value / step)
  return axisOf(ticks, texts, ticks[0]!, ticks[ticks.length - 1]!, (value) => value / step)
}

/** A linear axis of whole numbers: seeds, blocks, epochs. */
export function wholeAxis(low: number, high: number): Axis {
  const [from, to] = low === high ? [low - 1, high + 1] : [low, high]
  const { step, values, texts } = roundTicks(from, to, 4, 'outside', undefined, 1)
  const ticks = values.map((value) => value / step)
  return axisOf(ticks, texts, ticks[0]!, ticks[ticks.length - 1]!, (value) => value / step)
}

function axisOf(
  ticks: readonly number[],
  texts: readonly string[],
  from: number,
  to: number,
  place: (value: number) => number,
): Axis {
  return { from, to, ticks, place, label: (position) => texts[nearest(ticks, position)] ?? '' }
}

/** Index of the tick nearest to a position. */
export function nearest(ticks: readonly number[], position: number): number {
  let best = 0
  for (let i = 1; i < ticks.length; i++) if (Math.abs(ticks[i]! - position) < Math.abs(ticks[best]! - position)) best = i
  return best
}

const STEPS = [1, 2, 5]
/** Decades that a double has without losing digits. */
const DECADES = { first: -307, last: 308 }

function logarithmic(low: number, high: number, wanted: number): Axis {
  const place = (value: number): number => (value > 0 ? Math.log10(value) : NaN)
  const made = (values: readonly number[], texts: readonly string[], from: number, to: number): Axis =>
    axisOf(values.map(Math.log10), texts, Math.log10(from), Math.log10(to), place)
  // Less than half a decade has no two round decades in it: round numbers then, at their logarithms.
  if (high / low < 3) {
    const { values, texts } = roundTicks(low, high, wanted, 'outside')
    if (values[0]! > 0) return made(values, texts, values[0]!, values[values.length - 1]!)
  }
  const inside = (decade: number): number => Math.min(DECADES.last, Math.max(DECADES.first, decade))
  const first = inside(Math.floor(Math.log10(low)))
  const last = inside(Math.ceil(Math.log10(high)))
  const candidates: number[] = []
  for (let decade = first; decade <= last; decade++) for (const step of STEPS) candidates.push(Number(`${step}e${decade}`))
  const from = Math.min(low, [...candidates].reverse().find((value) => value <= low) ?? low)
  const to = Math.max(high, candidates.find((value) => value >= high && value > from) ?? high)
  const shown = candidates.filter((value) => value >= from && value <= to)
  const decades = shown.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e9) / 1e9))
  const labelled = shown.length <= 7 ? shown : decades.length > 1 ? thinOut(decades) : shown
  return made(labelled, labelled.map(plainNumber), from, to)
}

function thinOut(values: number[]): number[] {
  const every = Math.ceil(values.length / 7)
  return values.filter((_, i) => i % every === 0)
}

export interface RoundTicks {
  readonly step: number
  readonly values: readonly number[]
  /** Digits as the step has them, so that no two are alike. */
  readonly texts: readonly string[]
}

/**
 * Multiples of 1, 2 or 5 × 10ⁿ between two ends, or around them.
 *
 * @param text Of whole × 10ⁿ; all of an axis with the same n. `greatest` is the greatest value in size.
 */
export function roundTicks(
  low: number,
  high: number,
  wanted: number,
  ends: 'inside' | 'outside',
  text: (whole: number, exponent: number, greatest: number) => string = formatDecimal,
  leastStep = 0,
): RoundTicks {
  const greatest = Math.max(Math.abs(low), Math.abs(high))
  const rough = (high / wanted - low / wanted || greatest / wanted || 1) * 0.8
  // More digits than six no label has room for, and single precision has not many more.
  const least = Math.max(rough, greatest * 1e-6, leastStep * 0.999, Number(`1e${DECADES.first}`))
  let exponent = Math.floor(Math.log10(least))
  let factor = STEPS.find((step) => Number(`${step}e${exponent}`) >= least)
  if (factor === undefined) [factor, exponent] = [1, exponent + 1]
  const step = Number(`${factor}e${exponent}`)
  const [down, up] = [low / step, high / step]
  const first = ends === 'outside' ? Math.floor(down + 1e-9) : Math.ceil(down - 1e-9)
  const last = ends === 'outside' ? Math.max(Math.ceil(up - 1e-9), first + 1) : Math.floor(up + 1e-9)
  const wholes = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * factor)
  const valueOf = (whole: number): number => Number(`${whole}e${exponent}`)
  return {
    step,
    values: wholes.map(valueOf),
    texts: wholes.map((whole) => text(whole, exponent, greatest)),
  }
}
