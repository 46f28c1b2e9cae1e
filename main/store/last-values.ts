import type { StepRecord } from '../../shared/records'
import type { Store } from './store'

/** The steps that a run's last values are of; undefined where there is none yet. */
export interface LastValues {
  readonly step: StepRecord | undefined
  /** The last one whose norms were measured. */
  readonly measured: StepRecord | undefined
}

export function lastValues({ steps }: Store, run: number): LastValues {
  const step = steps.last(run)
  return { step, measured: step && step.norms.length > 1 ? step : steps.lastMeasured(run) }
}
