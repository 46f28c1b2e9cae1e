import type { RequestOutput, RunDetail } from '../../shared/api'
import type { EpochRecord } from '../../shared/records'

/** A run with what a comparison draws of it. */
export interface ComparedRun {
  readonly run: RunDetail
  readonly curves: RequestOutput<'runs.curves'>
  readonly epochs: readonly EpochRecord[]
}
