import { greatest } from '../../../shared/extent'
import { EpochSummary, isFiniteStep } from '../../../shared/measures/epoch-summary'
import type { EpochRecord, StepRecord } from '../../../shared/records'
import type { Store } from '../../store/store'

/**
 * Stores the record of an epoch that the training worker could not finish, from its steps. Like the worker, it leaves out
 * a step that diverged.
 *
 * @returns the records that are new, one or none.
 */
export function closeEpoch(store: Store, run: number): EpochRecord[] {
  const epochs = store.epochs.all(run)
  const last = epochs[epochs.length - 1]
  const rest = store.steps.between(run, (last?.lastStep ?? 0) + 1, Number.MAX_SAFE_INTEGER).filter(isFiniteStep)
  const numbers = [...new Set(rest.map(({ epoch }) => epoch))].filter((epoch) => epoch > (last?.epoch ?? 0))
  const closed = numbers.map((epoch) => summarise(rest.filter((step) => step.epoch === epoch)))
  store.append(run, [], closed)
  return closed
}

/** @param steps The epoch's steps in order, at least one. */
function summarise(steps: readonly StepRecord[]): EpochRecord {
  const first = steps[0]!
  const summary = new EpochSummary(
    first.epoch,
    greatest(
      steps.map(({ norms }) => norms.length - 1),
      0,
    ),
  )
  for (const step of steps) summary.add(step)
  return summary.record(null, steps.reduce((sum, { ms }) => sum + ms, 0) / 1000)
}
