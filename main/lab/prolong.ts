import type { RequestReceived } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { stepsPerEpoch, totalSteps } from '../../shared/run-length'
import { prolonged, scheduleChange } from '../../shared/schedules/rate'
import type { Catalogue } from '../datasets/catalogue'
import type { Store } from '../store/store'
import { trainingImages } from './start'

/**
 * Gives a run that has ended another end, where one is asked for, and notes in it what becomes of its schedule.
 *
 * @throws UserError where the run is done and gets no more steps than it has.
 */
export function prolong(
  store: Store,
  catalogue: Catalogue,
  run: number,
  { keepSchedule = false, ...end }: Omit<RequestReceived<'runs.resume'>, 'run'>,
): void {
  const { state } = store.runs.get(run)
  const configuration = store.runs.configuration(run)
  const perEpoch = stepsPerEpoch(trainingImages(catalogue, configuration), configuration.training.batch)
  const training = prolonged(configuration.training, end, keepSchedule, perEpoch)
  const done = store.steps.lastNumber(run)
  if (state === 'done' && totalSteps(training, perEpoch) <= done)
    throw new UserError(`run ${run} is done after ${done} steps`, { remedy: 'give it more epochs or steps, as in --epochs 20' })
  if (end.epochs === undefined && end.steps === undefined) return
  store.runs.setConfiguration(run, { ...configuration, training })
  const message = scheduleChange(configuration.training, training, done, perEpoch)
  if (message !== undefined) store.runs.addNotice(run, { step: done, at: new Date().toISOString(), message })
}
