import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'

/**
 * The record of an epoch that the training worker could not finish, from its stored steps. A unit's mean is over all
 * steps, as measured; its extremes are over those that are numbers.
 *
 * @param steps The epoch's steps in order, at least one.
 */
export function partialEpoch(steps: readonly StepRecord[]): EpochRecord {
  const first = steps[0]!
  const units = Math.max(first.norms.length - 1, 0)
  const mean = new Float64Array(units)
  const min = new Float32Array(units).fill(NaN)
  const max = new Float32Array(units).fill(NaN)
  let loss = 0
  let accuracy = 0
  let ms = 0
  for (const step of steps) {
    loss += step.loss / steps.length
    accuracy += step.accuracy / steps.length
    ms += step.ms
    ratios(step.norms).forEach((ratio, unit) => {
      mean[unit]! += ratio / steps.length
      if (!(ratio >= min[unit]!) && !Number.isNaN(ratio)) min[unit] = ratio
      if (!(ratio <= max[unit]!) && !Number.isNaN(ratio)) max[unit] = ratio
    })
  }
  return {
    epoch: first.epoch,
    firstStep: first.step,
    lastStep: steps[steps.length - 1]!.step,
    trainLoss: loss,
    trainAccuracy: accuracy,
    testLoss: null,
    testAccuracy: null,
    seconds: ms / 1000,
    ratios: { mean: Float32Array.from(mean), min, max },
  }
}
