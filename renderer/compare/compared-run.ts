import type { RequestOutput, RunDetail } from '../../shared/api'
import { runNumber } from '../../shared/run-labels'
import type { EpochRecord } from '../../shared/records'

/** A run with what a comparison draws of it. */
export interface ComparedRun {
  readonly run: RunDetail
  readonly curves: RequestOutput<'runs.curves'>
  readonly epochs: readonly EpochRecord[]
}

/** What each compared run is called in legends, tooltips and titles: unlike any other of them. */
export type RunLabels = ReadonlyMap<number, string>

export function labelOfRun(id: number, labels: RunLabels): string {
  return labels.get(id) ?? runNumber(id)
}

/** The same with all of the run's name, for a file. A cell of a plan has no name but its label. */
export function wholeTitle({ id, name }: { readonly id: number; readonly name?: string }, labels: RunLabels): string {
  return name === undefined ? labelOfRun(id, labels) : `${runNumber(id)} ${name}`.trim()
}
