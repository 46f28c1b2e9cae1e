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
  /** One deviation about the mean; without width where fewer than two columns go on. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** n at each place. */
  readonly count: Uint32Array
}

export function meanCurve(columns: readonly Column[]): MeanCurve {
  const at = Float64Array.from(new Set(columns.flatMap((column) => Array.from(column.at)))).sort()
  const [mean, deviation, low, high] = [at, at, at, at].map(({ length }) => new Float64Array(length)) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array],
  ]
  const count = new Uint32Array(at.length)
  const next = columns.map(() => 0)
  at.forEach((place, i) => {
    const here = columns.map((column, which) => (column.at[next[which]!] === place ? column.y[next[which]!++] : undefined))
    const repeats = repeatsOf(here)
    const spread = repeats?.deviation ?? 0
    mean[i] = repeats?.mean ?? NaN
    deviation[i] = repeats?.deviation ?? NaN
    low[i] = mean[i]! - spread
    high[i] = mean[i]! + spread
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
