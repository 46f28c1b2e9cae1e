import { isUserError } from '../../../shared/errors'
import { isLocked } from '../../store/failures'
import type { RunPatch, StoredRun } from '../../store/run-rows'
import type { Store } from '../../store/store'
import { LOCKED_LOOK_MS } from './locked-store'

/** What the store is to say of runs. A patch that it cannot take, on a full disk say, is kept here, shown as if it were stored, and tried again. */
export class KeptPatches {
  private readonly kept = new Map<number, RunPatch>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private isClosing = false

  constructor(private readonly store: Store) {}

  /** Stores a patch, with whatever is kept of the run; where the store cannot take it, all of it is kept. */
  save(run: number, patch: RunPatch): void {
    const whole = { ...this.kept.get(run), ...patch }
    try {
      this.store.runs.update(run, whole)
      this.kept.delete(run)
    } catch (error) {
      if (!isUserError(error)) throw error
      this.kept.set(run, whole)
      if (isLocked(error) && !this.isClosing) this.retryLater(run)
    }
  }

  private retryLater(run: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.retry(run)
    }, LOCKED_LOOK_MS)
    this.timers.add(timer)
  }

  /** Tries what is kept of a run. @returns whether the store has all of it. */
  retry(run: number): boolean {
    if (this.kept.has(run)) this.save(run, {})
    return !this.kept.has(run)
  }

  /** A stored run with what is kept of it. */
  overlay(run: StoredRun): StoredRun {
    const patch = this.kept.get(run.id)
    if (!patch) return run
    const said = Object.entries(patch).filter(([, value]) => value !== undefined)
    return { ...run, ...(Object.fromEntries(said) as Partial<StoredRun>) }
  }

  /** Nothing is tried again by itself any more: whoever closes the store calls `close` before it. */
  stopRetrying(): void {
    this.isClosing = true
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }

  /** A last try of all that is kept, for as long as a patient store waits. */
  close(): void {
    this.stopRetrying()
    if (this.kept.size > 0) this.store.setPatient(true)
    for (const run of [...this.kept.keys()]) this.retry(run)
  }
}
