import { Random } from '../../../shared/random'

/** Keeps the augmentation's draws apart from a run's other random numbers. */
export const AUGMENTATION_STREAM = 5

/**
 * Random numbers of one step, the same whenever and in whichever process that step is taken: nothing of them has to be kept for
 * a run to go on bit-equal.
 *
 * @param stream What they are for; see the callers.
 * @param step From 1; 0 for what is drawn before the first.
 */
export function drawsOf(seed: number, stream: number, step: number): Random {
  // The golden ratio's bits spread neighbouring steps; Random's own seeding mixes the rest.
  return new Random((seed ^ Math.imul(step, 0x9e3779b1)) >>> 0, stream)
}
