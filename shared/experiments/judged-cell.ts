import type { DepthAnswer, MovedAnswer, RunSummary } from '../api'
import { runNumber } from '../run-labels'
import type { Cell } from './experiment'

export type Finding = 'supported' | 'not supported' | 'undecided'

/** A cell with its run, as far as it is known. */
export interface JudgedCell extends Cell {
  readonly run: Pick<RunSummary, 'id' | 'state' | 'problem' | 'measures' | 'sets'> | null
}

/** Figures of runs that no record holds. */
export interface Figures {
  /** What the job `runs.depth-law` found, where it was asked. */
  readonly depths?: Pick<DepthAnswer, 'runs' | 'failed'> | undefined
  /** What the job `runs.moved` found. */
  readonly moved?: MovedAnswer | undefined
}

/** Why a cell has no last value; null where it has one. */
export function unfinished({ seed, run }: JudgedCell, label: string): string | null {
  if (run === null) return `${label}, seed ${seed}: no run yet`
  return run.state === 'done' ? null : `${runNumber(run.id)} (${label}): ${run.state}`
}
