import type { Training } from '../../shared/configuration'
import { totalSteps } from '../../shared/run-length'

/** What evaluating an image takes of the time of training on it: the way forward alone. */
const EVALUATION_SHARE = 1 / 3

/** How long a run takes, seconds, from the time of its steps; compiling, some seconds, is not in it. */
export function secondsOf(
  training: Pick<Training, 'epochs' | 'steps' | 'batch' | 'evaluation'>,
  perEpoch: number,
  testImages: number,
  stepMs: number,
): number {
  const steps = totalSteps(training, perEpoch)
  const epochs = Math.ceil(steps / perEpoch)
  const { every } = training.evaluation
  // The last epoch is always evaluated.
  const evaluations = every > 0 ? Math.ceil(epochs / every) : 1
  return (steps * stepMs + evaluations * testImages * (stepMs / training.batch) * EVALUATION_SHARE) / 1000
}
