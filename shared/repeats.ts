import { bootstrapInterval, resamplesOf } from './statistics/bootstrap'

/** Mean and spread of what was measured more than once. */
export interface Repeats {
  readonly mean: number
  /** Sample standard deviation (n − 1); null of fewer than two. */
  readonly deviation: number | null
  /** n: how many of the values are finite numbers. */
  readonly count: number
}

/** Of the values that are finite numbers; null where there is none. */
export function repeatsOf(values: Iterable<number | null | undefined>): Repeats | null {
  // Welford 1962: the mean of equal values is that value, to the last bit.
  let [count, mean, squares] = [0, 0, 0]
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    count++
    const before = value - mean
    mean += before / count
    squares += before * (value - mean)
  }
  if (count === 0) return null
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null, count }
}

/** Values at ascending places: steps, or epochs. */
export interface Column {
  readonly at: ArrayLike<number>
  readonly y: ArrayLike<number>
}

/** The mean of several columns at every place that one of them has. */
export interface MeanCurve {
  readonly at: Float64Array
  /** NaN where no column has a finite number. */
  readonly mean: Float64Array
  /** Sample standard deviation (n − 1); NaN of fewer than two. */
  readonly deviation: Float64Array
  /** The band about the mean; without width where fewer than two columns go on. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** n at each place. */
  readonly count: Uint32Array
}

/** What is drawn about a mean: one sample deviation of the seeds, or the 95 % interval of their mean by the bootstrap. */
export const BANDS = ['deviation', 'bootstrap'] as const
export type Band = (typeof BANDS)[number]

/** The ends of the band about a mean of finite values. */
export function bandOf(
  values: readonly number[],
  band: Band,
  resamples?: ReturnType<typeof resamplesOf>,
): [low: number, high: number] {
  const repeats = repeatsOf(values)
  if (!repeats) return [NaN, NaN]
  const { mean, deviation } = repeats
  if (deviation === null) return [mean, mean]
  return band === 'bootstrap' ? bootstrapInterval(values, resamples) : [mean - deviation, mean + deviation]
}

export function meanCurve(columns: readonly Column[], band: Band = 'deviation'): MeanCurve {
  const at = Float64Array.from(new Set(columns.flatMap((column) => Array.from(column.at)))).sort()
  const [mean, deviation, low, high] = [at, at, at, at].map(({ length }) => new Float64Array(length)) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array],
  ]
  const count = new Uint32Array(at.length)
  const next = columns.map(() => 0)
  // Seeds are drawn, not places: every place has the same resamples.
  const resamples =
    band === 'bootstrap' ? Array.from({ length: columns.length + 1 }, (_, n) => (n > 1 ? resamplesOf(n) : [])) : []
  at.forEach((place, i) => {
    const here = columns.map((column, which) => (column.at[next[which]!] === place ? column.y[next[which]!++] : undefined))
    const repeats = repeatsOf(here)
    const values = here.filter((value) => value !== undefined && Number.isFinite(value)) as number[]
    const ends = bandOf(values, band, resamples[values.length])
    mean[i] = repeats?.mean ?? NaN
    deviation[i] = repeats?.deviation ?? NaN
    low[i] = ends[0]
    high[i] = ends[1]
    count[i] = repeats?.count ?? 0
  })
  return { at, mean, deviation, low, high, count }
}

/** From which place to which how many columns have a value: `n = 2 up to 3, then 1`. */
export function countSpans({ at, count }: Pick<MeanCurve, 'at' | 'count'>): { from: number; to: number; count: number }[] {
  const spans: { from: number; to: number; count: number }[] = []
  for (let i = 0; i < at.length; i++) {
    const last = spans[spans.length - 1]
    if (last && last.count === count[i]) last.to = at[i]!
    // A place where nothing was measured parts no span.
    else if (count[i]! > 0) spans.push({ from: at[i]!, to: at[i]!, count: count[i]! })
  }
  return spans
}
