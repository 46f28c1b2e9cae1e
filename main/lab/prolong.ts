import type { RequestReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { Store } from '../store/store'

/**
 * Gives a run that has ended another end, where one is asked for.
 *
 * @throws UserError where the run is done and gets no more steps than it has.
 */
export function prolong(store: Store, run: number, { epochs, steps }: Omit<RequestReceived<'runs.resume'>, 'run'>): void {
  const { state, stepsPerEpoch } = store.runs.get(run)
  const configuration = store.runs.configuration(run)
  const training = { ...configuration.training }
  if (epochs !== undefined) training.epochs = epochs
  if (steps !== undefined) training.steps = steps
  // More epochs than the limit in steps allows mean that the limit goes.
  if (epochs !== undefined && steps === undefined) delete training.steps
  const planned = Math.min(training.epochs * stepsPerEpoch, training.steps ?? Infinity)
  const done = store.steps.lastNumber(run)
  if (state === 'done' && planned <= done)
    throw new UserError(`run ${run} is done after ${done} steps`, { remedy: 'give it more epochs or steps, as in --epochs 20' })
  if (epochs !== undefined || steps !== undefined) store.runs.setConfiguration(run, { ...configuration, training })
}
