import type { Unit } from '../records'
import { smallestBoundConstant } from './bound'
import { chainRatio, ratios } from './ratio'

/** A step's ratios in a few numbers, kept beside its loss so that curves need not read all norms again. */
export interface StepMeasures {
  /** ‖g_1‖₂ / ‖g_{L+1}‖₂. */
  readonly chain: number
  /** The smallest c whose bound covers every block of this step (arXiv 1805.07477, theorem 1). */
  readonly coveringC: number
  /** Mean of |r − 1| over the blocks. */
  readonly deviation: number
  /** Smallest and largest ratio of any unit, transitions and stem too. */
  readonly low: number
  readonly high: number
}

/** NaN throughout where the step was not measured. */
export function stepMeasures(norms: Float32Array, units: readonly Pick<Unit, 'kind'>[]): StepMeasures {
  if (norms.length < 2) return { chain: NaN, coveringC: NaN, deviation: NaN, low: NaN, high: NaN }
  const all = ratios(norms)
  const blocks = blockRatios(all, units)
  let low = Infinity
  let high = -Infinity
  for (const ratio of all) {
    if (Number.isNaN(ratio)) continue
    low = Math.min(low, ratio)
    high = Math.max(high, ratio)
  }
  const measured = low <= high
  return {
    chain: chainRatio(norms),
    coveringC: smallestBoundConstant(blocks),
    deviation: meanDeviation(blocks),
    low: measured ? low : NaN,
    high: measured ? high : NaN,
  }
}

/** The ratios of residual blocks alone; of all units where there is no block. */
export function blockRatios(all: Float32Array, units: readonly Pick<Unit, 'kind'>[]): Float32Array {
  const blocks = all.filter((_, unit) => units[unit]?.kind === 'block')
  return blocks.length > 0 ? blocks : all
}

/** Mean of |r − 1|; NaN of none, or where one is not a number. */
export function meanDeviation(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]! - 1)
  return values.length > 0 ? sum / values.length : NaN
}
