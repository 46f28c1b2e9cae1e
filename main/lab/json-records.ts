import { shortestSingles } from '../../shared/float32'
import { smallestBoundConstant } from '../../shared/norms/bound'
import { chainRatio, ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'

/** A step as the command line and the export print it. */
export function stepFields(record: StepRecord): Record<string, unknown> {
  const { step, epoch, loss, accuracy, rate, ms, gradientNorm, norms, activations, weights, updates } = record
  const ratio = ratios(norms)
  return {
    ...{ step, epoch, loss, accuracy, rate, ms, gradient_norm: gradientNorm ?? null },
    ...{ norms: shortestSingles(norms), ratios: shortestSingles(ratio) },
    // The step was measured.
    ...(ratio.length > 0 && { chain_ratio: chainRatio(norms), smallest_c: smallestBoundConstant(ratio) }),
    ...(activations && { activations: shortestSingles(activations) }),
    ...(weights && { weights: shortestSingles(weights) }),
    ...(updates && { updates: shortestSingles(updates) }),
  }
}

/** An epoch likewise; `ratios` has the mean, least and greatest of each unit, `smallest_c` the bound's constant that covers the means. */
export function epochFields({ ratios: { mean, min, max }, ...rest }: EpochRecord): Record<string, unknown> {
  return {
    ...rest,
    ratios: { mean: shortestSingles(mean), min: shortestSingles(min), max: shortestSingles(max) },
    smallest_c: smallestBoundConstant(mean),
  }
}
