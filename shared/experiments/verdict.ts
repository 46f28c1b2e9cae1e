import type { RunSummary } from '../api'
import { findMeasure } from '../measures'
import { areUnlike, badness } from '../measures/best'
import type { Measure } from '../measures/measure'
import { describeSet } from '../measures/unit-sets'
import { titleOf } from '../measures/values'
import { repeatsOf, type Repeats } from '../repeats'
import { runNumber } from '../run-labels'
import type { ExperimentDefinition } from './experiment'
import { type ComparedExpectation, isLaw } from './expectation'
import { type Figures, type Finding, type JudgedCell, unfinished } from './judged-cell'
import { judgeLaw, type LawJudgement } from './law-verdict'

/** Two combinations held against each other. */
export interface Comparison {
  /** The other axes' labels; empty where there is one axis. */
  readonly at: readonly string[]
  /** What is judged by: the measure, or how far its logarithm is from 0. */
  readonly better: Repeats | null
  readonly than: Repeats | null
  readonly finding: Finding
  /** Why it is not decided: cells without a run, runs that are not done, values that are no numbers, a single seed. */
  readonly missing: readonly string[]
}

/** What became of one expectation. */
export type Judgement = ComparedJudgement | LawJudgement

export interface ComparedJudgement {
  readonly expectation: ComparedExpectation
  /** `mean |r − 1|, all units`; `|ln chain ratio|`. */
  readonly judgedBy: string
  readonly finding: Finding
  readonly comparisons: readonly Comparison[]
  /** What the sets of units hold, where the claim holds unlike ones against each other. */
  readonly sets: string | null
}

/** What an experiment's runs say to its claim. */
export interface Verdict {
  readonly claim: string
  readonly finding: Finding
  readonly judgements: readonly Judgement[]
}

/**
 * The verdict on an experiment's claim, from the measures of its cells; null where nothing was expected. An expectation holds where
 * every comparison does; the claim, where every expectation does. A comparison is decided where the means over the seeds are
 * farther apart than both sample deviations together, and all of its cells are done: a run that failed is not left out, for it
 * would be the worst ones that are.
 */
export function verdictOf(
  { claim, axes, expects }: Pick<ExperimentDefinition, 'claim' | 'axes' | 'expects'>,
  cells: readonly JudgedCell[],
  figures: Figures = {},
): Verdict | null {
  if (expects.length === 0) return null
  const judgements = expects.map((expectation) =>
    isLaw(expectation) ? judgeLaw(expectation, axes, cells, figures) : judge(expectation, axes, cells),
  )
  return { claim, finding: together(judgements), judgements }
}

function judge(
  expectation: ComparedExpectation,
  axes: ExperimentDefinition['axes'],
  cells: readonly JudgedCell[],
): ComparedJudgement {
  const measure = findMeasure(expectation.measure)!
  const axis = axes.findIndex(({ name }) => name === expectation.axis)
  const labelsAt = (label: string): Map<string, JudgedCell[]> => {
    const found = new Map<string, JudgedCell[]>()
    for (const cell of cells) {
      if (axis < 0 || cell.labels[axis] !== label) continue
      const others = JSON.stringify(cell.labels.filter((_, place) => place !== axis))
      found.set(others, [...(found.get(others) ?? []), cell])
    }
    return found
  }
  const [better, than] = [labelsAt(expectation.better), labelsAt(expectation.than)]
  const places = [...new Set([...better.keys(), ...than.keys()])]
  const comparisons = places.map((at) =>
    compare(measure, expectation, JSON.parse(at) as string[], better.get(at) ?? [], than.get(at) ?? []),
  )
  const told = { expectation, judgedBy: measure.better === 'near one' ? `|ln ${titleOf(measure)}|` : titleOf(measure) }
  if (comparisons.length > 0)
    return { ...told, finding: together(comparisons), comparisons, sets: setsOf(measure, expectation, better, than) }
  const missing = [`“${expectation.better}” and “${expectation.than}” are no variants of an axis “${expectation.axis}”`]
  return {
    ...told,
    finding: 'undecided',
    comparisons: [{ at: [], better: null, than: null, finding: 'undecided', missing }],
    sets: null,
  }
}

function compare(
  measure: Measure & { readonly name: keyof RunSummary['measures'] },
  { better: betterLabel, than: thanLabel, acrossSets }: ComparedExpectation,
  at: string[],
  betterCells: readonly JudgedCell[],
  thanCells: readonly JudgedCell[],
): Comparison {
  const values = (cells: readonly JudgedCell[]): (number | null)[] => cells.map(({ run }) => valueOf(measure, run))
  const [better, than] = [repeatsOf(values(betterCells)), repeatsOf(values(thanCells))]
  const missing = [...lacking(measure, betterLabel, betterCells), ...lacking(measure, thanLabel, thanCells)]
  const judged = [...betterCells, ...thanCells].flatMap(({ run }) =>
    run?.state === 'done' ? [{ value: valueOf(measure, run), sets: run.sets }] : [],
  )
  if (!acrossSets && areUnlike(measure, judged))
    missing.push('the networks’ sets of units are unlike, and are not held against each other')
  if (missing.length > 0 || !better || !than) return { at, better, than, finding: 'undecided', missing }
  const by = measure.better === 'high' ? better.mean - than.mean : than.mean - better.mean
  const spread = (better.deviation ?? 0) + (than.deviation ?? 0)
  return { at, better, than, finding: by > spread ? 'supported' : by < -spread ? 'not supported' : 'undecided', missing }
}

/** A run that goes on, or was cut off, has no last value. */
function valueOf(measure: Measure & { readonly name: keyof RunSummary['measures'] }, run: JudgedCell['run']): number | null {
  if (run?.state !== 'done') return null
  const value = run.measures[measure.name]
  return measure.better === 'near one' ? badness(measure, value) : value
}

function lacking(
  measure: Measure & { readonly name: keyof RunSummary['measures'] },
  label: string,
  cells: readonly JudgedCell[],
): string[] {
  if (cells.length === 0) return [`no cell of “${label}”`]
  const parts = cells.flatMap((cell) => {
    const open = unfinished(cell, label)
    if (open !== null) return [open]
    const value = valueOf(measure, cell.run)
    return value === null || !Number.isFinite(value) ? [`${runNumber(cell.run!.id)} (${label}): no finite value`] : []
  })
  return cells.length === 1 && parts.length === 0 ? [`${label}: one seed tells no spread, two or more are needed`] : parts
}

function setsOf(
  measure: Measure,
  { acrossSets }: ComparedExpectation,
  ...sides: ReadonlyMap<string, readonly JudgedCell[]>[]
): string | null {
  const { over } = measure
  if (!acrossSets || over === 'run') return null
  const told = sides.map((side) => {
    const first = [...side.values()].flat().find(({ run }) => run !== null)
    return first ? describeSet(first.run!.sets[over]) : 'none'
  })
  return told[0] === told[1] ? `over ${told[0]}` : `over ${told.join(' against ')}`
}

/** Of several: one that speaks against it outweighs all, and one that is open leaves all open. */
function together(parts: readonly { readonly finding: Finding }[]): Finding {
  if (parts.some(({ finding }) => finding === 'not supported')) return 'not supported'
  return parts.every(({ finding }) => finding === 'supported') ? 'supported' : 'undecided'
}
