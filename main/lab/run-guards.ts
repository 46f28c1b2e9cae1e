import { UserError } from '../../shared/errors'
import { notTrainedHere } from '../../shared/run-origin'
import type { Ownership } from '../store/ownership'
import type { Store } from '../store/store'

/** Who may steer a run. */
export interface RunGuards {
  /** Whether a lab that is alive, and another than this one, has it. */
  isOthers(run: number): boolean
  /** @throws UserError where the run is another lab's: only that one can steer it. */
  own(run: number): void
  /** @throws UserError where another program trains the run, or trained it. */
  trainedHere(run: number): void
  /** @throws UserError where the run is at another place. */
  atHome(run: number): void
}

/** @param isElsewhere Whether a run was sent to another place and is not back. */
export function runGuards(store: Store, ownership: Ownership, isElsewhere: (run: number) => boolean): RunGuards {
  const isOthers = (run: number): boolean => ownership.isOthers(store.runs.get(run).owner)
  return {
    isOthers,
    own(run) {
      if (isOthers(run))
        throw new UserError(`run ${run} belongs to another NormLab (process ${store.runs.get(run).ownerPid})`, {
          remedy: 'steer it from there',
        })
    },
    trainedHere(run) {
      const { origin } = store.runs.get(run)
      if (origin) throw new UserError(notTrainedHere(run, origin), { remedy: 'steer it where it is trained' })
    },
    atHome(run) {
      if (isElsewhere(run))
        throw new UserError(`run ${run} is trained at another place`, { remedy: 'there it can be stopped alone' })
    },
  }
}
