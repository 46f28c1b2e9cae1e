import { isUserError } from '../../../shared/errors'
import type { RunNotice } from '../../../shared/records'
import type { Store } from '../../store/store'

/** What is told of runs while they go on: their notices, and what went wrong, whose cause is in the log where the program made a mistake. */
export class RunNotices {
  /** @param log For mistakes of the program. */
  constructor(
    private readonly store: Store,
    readonly log: (text: string) => void,
  ) {}

  add(run: number, step: number, message: string, kind?: RunNotice['kind']): void {
    try {
      this.store.runs.addNotice(run, { step, at: new Date().toISOString(), message, ...(kind && { kind }) })
    } catch (error) {
      // A disk too full for a notice is told of by whoever stores records.
      if (!isUserError(error)) throw error
    }
  }

  /** What went wrong, as the run tells it. */
  sentence(error: unknown): string {
    if (isUserError(error)) return error.message
    this.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return mistake(String(error))
  }
}

/** The program's own fault, as a run tells it. */
export const mistake = (what: string): string => `NormLab made a mistake (${what}); its log says more`
