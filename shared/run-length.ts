import type { Training } from './configuration'
import { UserError } from './errors'

/** Epochs that a run may have, as its setting says. */
const MOST_EPOCHS = 100_000

/** Steps of an epoch: whole batches, the images that are left over wait for the next one. */
export function stepsPerEpoch(images: number, batch: number): number {
  return Math.max(1, Math.floor(images / batch))
}

/** Steps of the whole run: its epochs, or its limit in steps where that comes first. */
export function totalSteps({ epochs, steps }: Pick<Training, 'epochs' | 'steps'>, perEpoch: number): number {
  return Math.min(epochs * perEpoch, steps ?? Infinity)
}

/** Epochs that so many steps make, the last one begun counted whole. @throws UserError where no run may have as many. */
export function epochsOfSteps(steps: number, perEpoch: number): number {
  const epochs = Math.ceil(steps / perEpoch)
  if (epochs <= MOST_EPOCHS) return epochs
  throw new UserError(`${steps} steps make ${epochs} epochs of ${perEpoch}, the most is ${MOST_EPOCHS}`, {
    place: 'training.steps',
    remedy: `give at most ${MOST_EPOCHS * perEpoch} steps`,
  })
}

/**
 * The epochs that a run comes to: those of its settings, but no more than its steps make. A run given in steps has no other epochs;
 * older ones hold a large number in their place.
 *
 * @param perEpoch Steps of an epoch; 0 where it is not known yet, as in a run that has not begun.
 */
export function comingEpochs({ epochs, steps }: Pick<Training, 'epochs' | 'steps'>, perEpoch: number): number {
  return steps === undefined || perEpoch === 0 ? epochs : Math.min(epochs, Math.ceil(steps / perEpoch))
}

/** A training as it was asked for: without its epochs where its steps end it, so that it can be asked for with another batch. */
export function askedLength<T extends Pick<Training, 'epochs' | 'steps'>>(
  training: T,
  perEpoch: number,
): Omit<T, 'epochs'> & { epochs?: number } {
  const { epochs, ...rest } = training
  const isGivenInSteps = training.steps !== undefined && perEpoch > 0 && training.steps <= epochs * perEpoch
  return isGivenInSteps ? rest : { ...rest, epochs }
}
