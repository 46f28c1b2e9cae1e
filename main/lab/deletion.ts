import type { RunSummary } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { Checkpoints } from '../store/checkpoints'
import { bytesOf, purgeRun, purgeTime } from '../store/deleted-runs'
import { isOutOfSpace } from '../store/failures'
import type { StoredRun } from '../store/run-rows'
import type { Store } from '../store/store'
import { isInOpenGrid } from '../store/submissions'
import type { Handlers } from './boundary'

export interface DeletionWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly summary: (run: StoredRun) => RunSummary
  readonly isLive: (run: number) => boolean
  /** Tells that a run has changed. */
  readonly mark: (run: number) => void
  /** @throws UserError where the run is another lab's. */
  readonly own: (run: number) => void
}

type DeletionRequest = 'runs.delete' | 'runs.deleted' | 'runs.restore' | 'runs.purge'

/** How runs go: out of the list first, where they can be had back, and then for good. */
export function deletionHandlers(world: DeletionWorld): Pick<Handlers, DeletionRequest> {
  const { store, checkpoints, summary, isLive, mark, own } = world
  /** Deleting is what makes room on a full disk: there it uses the room that is kept for it. */
  const withRoom = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (!isOutOfSpace(error) || !store.makeRoom()) throw error
      work()
    }
  }
  return {
    'runs.delete'({ run, now }) {
      own(run)
      if (isLive(run)) throw new UserError(`run ${run} is going on`, { remedy: 'stop it first' })
      if (isInOpenGrid(store, run))
        throw new UserError(`run ${run} is a cell of an experiment that is still on its way to a cluster`, {
          remedy: 'wait for the end of the experiment, or cancel it',
        })
      const bytes = bytesOf(store, checkpoints, run)
      const at = new Date()
      withRoom(() => (now ? purgeRun(store, checkpoints, run) : store.runs.delete(run, at)))
      mark(run)
      return { bytes, purgedAt: now ? null : purgeTime(at.toISOString()) }
    },
    'runs.deleted': () =>
      store.runs.deleted().map((run) => ({
        ...summary(run),
        ...{ purgedAt: purgeTime(run.deletedAt!), bytes: bytesOf(store, checkpoints, run.id) },
      })),
    'runs.restore'({ run }) {
      store.runs.restore(run)
      mark(run)
      return summary(store.runs.get(run))
    },
    'runs.purge'({ runs }) {
      const deleted = new Set(store.runs.deleted().map(({ id }) => id))
      for (const run of runs ?? [])
        if (!deleted.has(run)) throw new UserError(`run ${run} is not among the deleted ones`, { remedy: 'delete it first' })
      let bytes = 0
      for (const run of runs ?? deleted) {
        bytes += bytesOf(store, checkpoints, run)
        withRoom(() => purgeRun(store, checkpoints, run))
      }
      return { bytes }
    },
  }
}
