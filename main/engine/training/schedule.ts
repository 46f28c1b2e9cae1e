import type { Training } from '../../../shared/configuration'

/**
 * Learning rate of a step: the first rate times the factor for each milestone that lies behind it.
 * @param epochsDone Whole and fractional epochs before the step.
 */
export function rateAt(
  { rate, milestones, factor }: Pick<Training, 'rate' | 'milestones' | 'factor'>,
  epochsDone: number,
): number {
  return rate * factor ** milestones.filter((milestone) => milestone <= epochsDone).length
}

/** Steps of the whole run: its epochs, or its limit in steps where that comes first. */
export function totalSteps({ epochs, steps }: Pick<Training, 'epochs' | 'steps'>, stepsPerEpoch: number): number {
  return Math.min(epochs * stepsPerEpoch, steps ?? Infinity)
}
