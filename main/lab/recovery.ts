import { summariseEpochs } from '../store/derived'
import type { Store } from '../store/store'
import type { Ownership } from '../store/ownership'
import { closeEpoch } from './queue/partial-epoch'
import { whatIsStored } from './queue/what-is-stored'

/**
 * Runs whose lab is gone become interrupted. Their records are left as they are; an epoch that was cut off gets its
 * record from its steps.
 *
 * @returns the runs that were changed.
 */
export function recoverRuns(store: Store, ownership: Ownership): number[] {
  const orphans = store.runs.unfinished().filter(({ owner }) => owner === null || !ownership.isAlive(owner))
  for (const { id, state, origin } of orphans) {
    const step = store.steps.lastNumber(id)
    if (origin) summariseEpochs(store, id, store.runs.units(id).length)
    else closeEpoch(store, id)
    const message =
      state === 'queued' ? 'NormLab ended before the run began' : `NormLab ended without a word ${whatIsStored(step)}`
    // A pause was somebody's wish; it stays one.
    // One that trains elsewhere comes back when its program is heard of.
    const comesBack = state !== 'paused' && !origin
    store.runs.update(id, { state: 'interrupted', problem: { message, step }, owner: null, ownerPid: null, comesBack })
  }
  return orphans.map(({ id }) => id)
}
