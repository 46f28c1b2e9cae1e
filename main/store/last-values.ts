import type { StepRecord } from '../../shared/records'
import type { Store } from './store'

/** Last values of a run, for lists. */
export interface LastValues {
  /** The last stored step; undefined where there is none yet. */
  readonly step: StepRecord | undefined
  /** Wall times of the last steps, milliseconds. */
  readonly ms: readonly number[]
  readonly testAccuracy: number | null
}

export function lastValues({ steps, epochs }: Store, run: number): LastValues {
  return { step: steps.last(run), ms: steps.lastTimes(run), testAccuracy: epochs.lastTestAccuracy(run) }
}
