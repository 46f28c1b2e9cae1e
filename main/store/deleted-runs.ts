import { isUserError } from '../../shared/errors'
import type { Checkpoints } from './checkpoints'
import type { Store } from './store'

/** Runs that were deleted longer ago than this are gone for good, milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000

/** When a run that was deleted at a time is purged, ISO 8601. */
export const purgeTime = (deletedAt: string): string => new Date(Date.parse(deletedAt) + KEPT_MS).toISOString()

/** The space that a run's records and files take, bytes: what its purge gives back. */
export function bytesOf(store: Store, checkpoints: Checkpoints, run: number): number {
  return store.steps.bytes(run) + store.spectra.bytes(run) + checkpoints.bytes(run)
}

/** Removes a run for good, with its files. The files first: on a full disk they make the room that the rest needs. */
export function purgeRun(store: Store, checkpoints: Checkpoints, run: number): void {
  checkpoints.delete(run)
  store.runs.purge(run)
}

/** Ends what was deleted long ago. */
export function purgeOldRuns(store: Store, checkpoints: Checkpoints, log: (text: string) => void, now = Date.now()): void {
  for (const { id, deletedAt } of store.runs.deleted())
    try {
      if (deletedAt !== null && now - Date.parse(deletedAt) > KEPT_MS) purgeRun(store, checkpoints, id)
    } catch (error) {
      if (!isUserError(error)) throw error
      log(error.message)
    }
}
