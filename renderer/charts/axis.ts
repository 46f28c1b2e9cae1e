/** Ends of an axis and where it is labelled. Positions are what is drawn: values, or their decimal logarithms. */
export interface Axis {
  readonly from: number
  readonly to: number
  /** Labelled positions. */
  readonly ticks: readonly number[]
  /** From a value to its position; NaN for one that the axis cannot show. */
  readonly place: (value: number) => number
  readonly label: (position: number) => string
}

export type ScaleKind = 'linear' | 'log' | 'share' | 'zero'

/** An axis that holds the values from `low` to `high`, with some `wanted` labels at round numbers. */
export function axisFor(kind: ScaleKind, low: number, high: number, wanted = 4): Axis {
  if (kind === 'share') return linear(0, 1, [0, 0.25, 0.5, 0.75, 1], (value) => `${Math.round(value * 100)} %`)
  if (!(low <= high)) [low, high] = [0, 1]
  if (kind === 'log' && high > 0) return logarithmic(low > 0 ? low : high / 1000, high)
  if (kind === 'zero') low = Math.min(0, low)
  const step = roundStep((high - low) / wanted || Math.abs(high) / wanted || 1)
  const from = Math.floor(low / step + 1e-9) * step
  const to = Math.max(Math.ceil(high / step - 1e-9) * step, from + step)
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)
  return linear(from, to, ticks, shortNumber)
}

function linear(from: number, to: number, ticks: number[], label: (value: number) => string): Axis {
  return { from, to, ticks, place: (value) => value, label }
}

const STEPS = [1, 2, 5]

function logarithmic(low: number, high: number): Axis {
  const candidates: number[] = []
  for (let decade = Math.floor(Math.log10(low)) - 1; decade <= Math.ceil(Math.log10(high)); decade++)
    for (const step of STEPS) candidates.push(step * 10 ** decade)
  const from = [...candidates].reverse().find((value) => value <= low) ?? low
  const to = candidates.find((value) => value >= high && value > from) ?? high * 2
  const inside = candidates.filter((value) => value >= from * 0.9999 && value <= to * 1.0001)
  const decades = inside.filter((value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9)
  const labelled = inside.length <= 7 ? inside : decades.length > 1 ? thinOut(decades) : inside
  return {
    from: Math.log10(from),
    to: Math.log10(to),
    ticks: labelled.map(Math.log10),
    place: (value) => (value > 0 ? Math.log10(value) : NaN),
    label: (position) => shortNumber(10 ** position),
  }
}

function thinOut(values: number[]): number[] {
  const every = Math.ceil(values.length / 7)
  return values.filter((_, i) => i % every === 0)
}

/** The next of 1, 2, 5 × 10ⁿ. */
function roundStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough))
  return (STEPS.find((step) => step * decade >= rough * 0.999) ?? 10) * decade
}

export function shortNumber(value: number): string {
  if (Math.abs(value) < 1e-12) return '0'
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3
    ? Number(value.toPrecision(3)).toExponential().replace('e+', 'e')
    : String(Number(value.toPrecision(4)))
}

export function shortCount(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`
  return Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(4))}k` : String(Number(value.toPrecision(6)))
}

/** Labelled places of the horizontal axis between two ends. */
export function ticksBetween(from: number, to: number, wanted: number): number[] {
  const step = roundStep((to - from) / Math.max(1, wanted) || 1)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
}
