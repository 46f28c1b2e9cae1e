import type { Training } from '../../shared/configuration'
import { totalSteps } from '../../shared/run-length'
import { testedEpochs } from '../../shared/tested-epochs'

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
  const evaluations = testedEpochs(training.evaluation, epochs)
  return (steps * stepMs + evaluations * testImages * (stepMs / training.batch) * EVALUATION_SHARE) / 1000
}
