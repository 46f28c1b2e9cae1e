import type { Ownership } from '../store/ownership'
import type { Store } from '../store/store'
import type { ChangeFeed, RecordFeed } from './feeds'
import { recoverRuns } from './recovery'
import type { SpectraFeed } from './run-spectra'

/** How often the database is asked whether another process wrote to it, milliseconds. */
const LOOK_MS = 1000

/**
 * Runs that other labs train on the same data folder (the command line beside the app): while somebody watches, what they
 * store is told like what this lab stores, a second later at most.
 */
export class ForeignRuns {
  private readonly timer: NodeJS.Timeout
  private writes: number
  /** What each run was like when its watchers were told. */
  private told = new Map<number, string>()
  private hear: () => void = () => undefined

  constructor(
    private readonly store: Store,
    private readonly ownership: Ownership,
    private readonly changes: ChangeFeed,
    private readonly records: RecordFeed,
    private readonly spectra: SpectraFeed,
    /** Is the run going on in this lab? */
    private readonly isLive: (run: number) => boolean,
    private readonly onBug: (text: string) => void,
  ) {
    this.writes = store.foreignWrites()
    this.told = store.runs.marks()
    this.timer = setInterval(() => this.refresh(), LOOK_MS)
    this.timer.unref()
  }

  /** Hears when runs lost their lab. */
  onOrphans(hear: () => void): void {
    this.hear = hear
  }

  close(): void {
    clearInterval(this.timer)
  }

  /** Looks now. */
  refresh(): void {
    try {
      if (this.changes.isWatched || this.spectra.isWatched || this.records.watched().size > 0) {
        const orphans = this.store.refusal ? [] : recoverRuns(this.store, this.ownership)
        for (const run of orphans) this.changes.mark(run)
        if (orphans.length > 0) this.hear()
        this.compare()
      }
    } catch (error) {
      this.onBug(error instanceof Error ? error.message : String(error))
    }
  }

  private compare(): void {
    const writes = this.store.foreignWrites()
    if (writes === this.writes) return
    this.writes = writes
    this.pullRecords()
    this.spectra.mark()
    const now = this.store.runs.marks()
    for (const [run, row] of now) if (this.told.get(run) !== row) this.changes.mark(run)
    for (const run of this.told.keys()) if (!now.has(run)) this.changes.mark(run)
    this.told = now
  }

  /** Hands over all that other labs stored of the runs that are watched. */
  pullRecords(): void {
    for (const [run, { step, epoch }] of this.records.watched()) {
      if (this.isLive(run)) continue
      const steps = this.store.steps.between(run, step + 1, Number.MAX_SAFE_INTEGER)
      const epochs = this.store.epochs.all(run, epoch)
      this.records.add(run, steps, epochs)
      this.records.flush(run)
    }
  }
}
