import type { Experiment } from '../../shared/experiments/experiment'

/** Mean and spread of repeats. */
export interface Repeats {
  readonly mean: number
  /** Sample standard deviation (n − 1); null of fewer than two. */
  readonly deviation: number | null
  readonly count: number
}

/** Of the values that are finite numbers; null where there is none. */
export function repeatsOf(values: readonly (number | null | undefined)[]): Repeats | null {
  const known = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (known.length === 0) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null, count: known.length }
}

/** One combination of an experiment's variants, with its repeats. */
export interface Combination {
  readonly labels: readonly string[]
  readonly cells: readonly { readonly seed: number; readonly run: number | null }[]
}

/** One text for a combination: labels may hold whatever joins them. */
export function combinationKey(labels: readonly string[]): string {
  return JSON.stringify(labels)
}

/** The cells by their combination, in the order of the definition. */
export function combinationsOf({ cells }: Pick<Experiment, 'cells'>): Combination[] {
  const found = new Map<string, { labels: string[]; cells: { seed: number; run: number | null }[] }>()
  for (const { labels, seed, run } of cells) {
    const key = combinationKey(labels)
    const combination = found.get(key) ?? { labels, cells: [] }
    combination.cells.push({ seed, run })
    found.set(key, combination)
  }
  return [...found.values()]
}

/** At each place the mean over repeats that have a value there, and the band of one deviation; columns are aligned by index. */
export function meanCurve(columns: readonly ArrayLike<number>[]): { mean: Float64Array; low: Float64Array; high: Float64Array } {
  const length = Math.max(0, ...columns.map((column) => column.length))
  const result = { mean: new Float64Array(length), low: new Float64Array(length), high: new Float64Array(length) }
  for (let i = 0; i < length; i++) {
    const repeats = repeatsOf(columns.map((column) => column[i]))
    const spread = repeats?.deviation ?? 0
    result.mean[i] = repeats?.mean ?? NaN
    result.low[i] = (repeats?.mean ?? NaN) - spread
    result.high[i] = (repeats?.mean ?? NaN) + spread
  }
  return result
}
