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
  const { every, last } = training.evaluation
  const atEpochs = every > 0 ? Math.floor(epochs / every) : 0
  const evaluations = atEpochs + (last && (every === 0 || epochs % every > 0) ? 1 : 0)
  return (steps * stepMs + evaluations * testImages * (stepMs / training.batch) * EVALUATION_SHARE) / 1000
}
