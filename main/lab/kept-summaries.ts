import type { RunSummary } from '../../shared/api'
import type { StoredRun } from '../store/run-rows'

const OVER: ReadonlySet<StoredRun['state']> = new Set(['done', 'failed', 'stopped', 'interrupted'])

/**
 * Summaries of runs that have ended, as they were told last: each takes a handful of questions to the store, and in a long list hardly one has changed. One is told
 * anew when anything of the run's row has changed; its records change with none of it while it trains alone, and such a run is not kept.
 */
export class KeptSummaries {
  private readonly kept = new Map<number, { readonly row: string; readonly summary: RunSummary }>()

  /** @param tell Makes it, where it is not known. */
  of(run: StoredRun, isLive: boolean, tell: () => RunSummary): RunSummary {
    if (isLive || !OVER.has(run.state)) {
      this.kept.delete(run.id)
      return tell()
    }
    const row = JSON.stringify(run)
    const known = this.kept.get(run.id)
    if (known?.row === row) return known.summary
    const summary = tell()
    this.kept.set(run.id, { row, summary })
    return summary
  }
}
