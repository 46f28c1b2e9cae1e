import { Random } from '../../../../shared/random'

/** Keeps the folds apart from a training's random numbers. */
const FOLD_STREAM = 7

/**
 * A fold for each image, so that each class is spread evenly over all folds.
 *
 * @param classes How many there are.
 */
export function stratifiedFolds(labels: ArrayLike<number>, classes: number, folds: number, seed: number): Uint8Array {
  const random = new Random(seed, FOLD_STREAM)
  const fold = new Uint8Array(labels.length)
  const next = Uint32Array.from({ length: classes }, (_, label) => label)
  for (const image of random.permutation(labels.length)) fold[image] = next[labels[image]!]!++ % folds
  return fold
}
