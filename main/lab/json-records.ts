import { smallestBoundConstant } from '../../shared/norms/bound'
import { chainRatio, ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'

/** The shortest decimals that give the same float32 again; JSON.stringify makes NaN and the infinities null. */
export function numbers(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(9)))
}

/** A step as the command line and the export print it. */
export function stepFields(record: StepRecord): Record<string, unknown> {
  const { step, epoch, loss, accuracy, rate, ms, gradientNorm, norms, activations, weights, updates } = record
  const ratio = ratios(norms)
  return {
    ...{ step, epoch, loss, accuracy, rate, ms, gradient_norm: gradientNorm ?? null },
    ...{ norms: numbers(norms), ratios: numbers(ratio) },
    // The step was measured.
    ...(ratio.length > 0 && { chain_ratio: chainRatio(norms), smallest_c: smallestBoundConstant(ratio) }),
    ...(activations && { activations: numbers(activations) }),
    ...(weights && { weights: numbers(weights) }),
    ...(updates && { updates: numbers(updates) }),
  }
}

/** An epoch likewise; `ratios` has the mean, least and greatest of each unit, `smallest_c` the bound's constant that covers the means. */
export function epochFields({ ratios: { mean, min, max }, ...rest }: EpochRecord): Record<string, unknown> {
  return {
    ...rest,
    ratios: { mean: numbers(mean), min: numbers(min), max: numbers(max) },
    smallest_c: smallestBoundConstant(mean),
  }
}
