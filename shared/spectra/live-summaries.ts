import { shortestSingles } from '../float32'
import { LIVE_QUANTILES, LIVE_VALUES } from './live'

/** What a layer's spectrum comes to in one number, for heat maps, tables and files. */
export interface LiveSummary {
  readonly name: 'largest' | 'smallest' | 'median' | 'condition' | 'stableRank' | 'withinOne'
  /** `largest σ` */
  readonly title: string
  /** Place among a layer's numbers. */
  readonly at: number
  /** Whether twice as much is as far as half as much; else shares, from 0 to 1. */
  readonly isLog: boolean
}

const MIDDLE = (LIVE_QUANTILES - 1) / 2

export const LIVE_SUMMARIES: readonly LiveSummary[] = [
  { name: 'largest', title: 'largest σ', at: 0, isLog: true },
  { name: 'smallest', title: 'smallest σ', at: LIVE_QUANTILES - 1, isLog: true },
  { name: 'median', title: 'median σ', at: MIDDLE, isLog: true },
  { name: 'condition', title: 'condition number', at: LIVE_QUANTILES + 1, isLog: true },
  { name: 'stableRank', title: 'stable rank', at: LIVE_QUANTILES, isLog: true },
  { name: 'withinOne', title: 'share near 1', at: LIVE_QUANTILES + 2, isLog: false },
]

/** One number of one layer in a record. */
export function liveNumber(values: Float32Array, layer: number, { at }: LiveSummary): number {
  return values[layer * LIVE_VALUES + at] ?? NaN
}

/** A layer's quantiles in a record, from its largest singular value to its smallest. */
export function liveQuantiles(values: Float32Array, layer: number): Float32Array {
  return values.subarray(layer * LIVE_VALUES, layer * LIVE_VALUES + LIVE_QUANTILES)
}

/** A layer's numbers by their names, in the fewest decimals. */
export function liveFields(values: Float32Array, layer: number): Record<LiveSummary['name'], number> & { quantiles: number[] } {
  const numbers = shortestSingles(values.subarray(layer * LIVE_VALUES, (layer + 1) * LIVE_VALUES))
  const summaries = LIVE_SUMMARIES.map(({ name, at }) => [name, numbers[at]!] as const)
  return {
    ...(Object.fromEntries(summaries) as Record<LiveSummary['name'], number>),
    quantiles: numbers.slice(0, LIVE_QUANTILES),
  }
}
