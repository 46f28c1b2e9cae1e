import type { RequestReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { epochsOfSteps, stepsPerEpoch, totalSteps } from '../../shared/run-length'
import type { Store } from '../store/store'
import { trainingImages } from './start'

/**
 * Gives a run that has ended another end, where one is asked for.
 *
 * @throws UserError where the run is done and gets no more steps than it has.
 */
export function prolong(store: Store, run: number, { epochs, steps }: Omit<RequestReceived<'runs.resume'>, 'run'>): void {
  const { state } = store.runs.get(run)
  const configuration = store.runs.configuration(run)
  const training = { ...configuration.training }
  if (epochs !== undefined) training.epochs = epochs
  if (steps !== undefined) training.steps = steps
  // Steps alone mean that many, however many epochs they make.
  const perEpoch = stepsPerEpoch(trainingImages(configuration.data), training.batch)
  if (steps !== undefined && epochs === undefined) training.epochs = epochsOfSteps(steps, perEpoch)
  // More epochs than the limit in steps allows mean that the limit goes.
  if (epochs !== undefined && steps === undefined) delete training.steps
  const planned = totalSteps(training, perEpoch)
  const done = store.steps.lastNumber(run)
  if (state === 'done' && planned <= done)
    throw new UserError(`run ${run} is done after ${done} steps`, { remedy: 'give it more epochs or steps, as in --epochs 20' })
  if (epochs !== undefined || steps !== undefined) store.runs.setConfiguration(run, { ...configuration, training })
}
