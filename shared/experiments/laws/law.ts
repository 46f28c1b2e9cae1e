import { runNumber } from '../../run-labels'
import type { ExperimentDefinition } from '../experiment'
import { type Figures, type JudgedCell, unfinished } from '../judged-cell'

/** One figure at one depth. */
export interface LawPoint {
  /** L. */
  readonly blocks: number
  /** Finite and above 0. */
  readonly value: number
  /** What it is of. */
  readonly runs: readonly number[]
}

export interface LawPoints {
  readonly points: readonly LawPoint[]
  /** What has no point, and why. */
  readonly missing: readonly string[]
}

/** A figure that may go with a power of something that the depth gives. */
export interface Law {
  /** `slope of log σ₁ over log L` */
  readonly title: string
  /** The figure, in a heading; and of what it is, in a few words. */
  readonly figure: string
  readonly note: string
  /** What the power is of, in words, and by the number of blocks. */
  readonly base: string
  readonly over: (blocks: number) => number
  /** Which figures the lab has to measure at the runs' weights first. */
  readonly needs?: keyof Figures
  readonly points: (cells: readonly JudgedCell[], axes: ExperimentDefinition['axes'], figures: Figures) => LawPoints
}

/** A cell's run that is done. */
type DoneRun = NonNullable<JudgedCell['run']>

/** A point a run. @param of Its blocks and figure, or why it has none. */
export function eachRun(
  cells: readonly JudgedCell[],
  of: (run: DoneRun) => { readonly blocks: number; readonly value: number } | string,
): LawPoints {
  const points: LawPoint[] = []
  const missing: string[] = []
  for (const cell of cells) {
    const label = cell.labels.join(' · ')
    const open = unfinished(cell, label)
    const found = open ?? of(cell.run!)
    if (typeof found !== 'string') points.push({ ...found, runs: [cell.run!.id] })
    else missing.push(open ?? `${runNumber(cell.run!.id)} (${label}): ${found}`)
  }
  return { points, missing }
}

/** What the lab has measured of a run, or why it could not; undefined as long as it has not tried. */
export function measuredIn<T extends { readonly run: number }>(
  answer:
    { readonly runs: readonly T[]; readonly failed: readonly { readonly run: number; readonly problem: string }[] } | undefined,
): (run: number) => T | string | undefined {
  const known = new Map((answer?.runs ?? []).map((one) => [one.run, one]))
  const failed = new Map((answer?.failed ?? []).map(({ run, problem }) => [run, problem]))
  return (run) => known.get(run) ?? failed.get(run)
}

export const isAboveZero = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
