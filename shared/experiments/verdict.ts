import type { RunSummary } from '../api'
import { findMeasure } from '../measures'
import { areUnlike, badness } from '../measures/best'
import type { Measure } from '../measures/measure'
import { describeSet } from '../measures/unit-sets'
import { titleOf } from '../measures/values'
import { repeatsOf, type Repeats } from '../repeats'
import { runNumber } from '../run-labels'
import { LEVEL } from '../seed-differences'
import { holm } from '../statistics/holm'
import { type PairedTest, pairedTest } from '../statistics/paired'
import type { ExperimentDefinition } from './experiment'
import { type ComparedExpectation, isLaw } from './expectation'
import { type Identities, identitiesOf } from './identities'
import { type Figures, type Finding, type JudgedCell, unfinished } from './judged-cell'
import { judgeLaw, type LawJudgement } from './law-verdict'

/** Two combinations held against each other. */
export interface Comparison {
  /** The other axes' labels; empty where there is one axis. */
  readonly at: readonly string[]
  /** What is judged by: the measure, or how far its logarithm is from 0. */
  readonly better: Repeats | null
  readonly than: Repeats | null
  /** `better` − `than`, seed by seed; null where something is missing. */
  readonly paired: PairedTest | null
  /** The paired test's p, corrected for all comparisons of the claim. */
  readonly corrected: number | null
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
  /** Which runs have ratios that are not finite, and that the measure leaves out; null where none has. */
  readonly leftOut: string | null
}

/** What an experiment's runs say to its claim. */
export interface Verdict {
  readonly claim: string
  readonly finding: Finding
  readonly judgements: readonly Judgement[]
  /** Where ratios are near 1 for a bad reason. */
  readonly identities: readonly Identities[]
}

/**
 * The verdict on an experiment's claim, from the measures of its cells; null where nothing was expected. An expectation holds where
 * every comparison does; the claim, where every expectation does. A comparison is decided where the paired t test over the seeds, corrected for
 * all comparisons of the claim (Holm), comes below `LEVEL`, and all of its cells are done: a run that failed is not left out, for it
 * would be the worst ones that are.
 */
export function verdictOf(
  { claim, axes, expects }: Pick<ExperimentDefinition, 'claim' | 'axes' | 'expects'>,
  cells: readonly JudgedCell[],
  figures: Figures = {},
): Verdict | null {
  if (expects.length === 0) return null
  const drafts = expects.map((expectation) =>
    isLaw(expectation) ? judgeLaw(expectation, axes, cells, figures) : draw(expectation, axes, cells),
  )
  const tested = drafts.flatMap((draft) => ('law' in draft ? [] : draft.comparisons))
  const corrected = new Map(holm(tested.map(({ paired }) => paired?.p ?? null)).map((p, i) => [tested[i]!, p]))
  const judgements = drafts.map((draft): Judgement => {
    if ('law' in draft) return draft
    const comparisons = draft.comparisons.map((one) => decide(draft.expectation, one, corrected.get(one) ?? null))
    return { ...draft, comparisons, finding: together(comparisons) }
  })
  return { claim, finding: together(judgements), judgements, identities: identitiesOf(cells) }
}

type Drawn = Omit<Comparison, 'finding' | 'corrected'>

function decide({ measure }: ComparedExpectation, drawn: Drawn, corrected: number | null): Comparison {
  const isDecided = drawn.paired !== null && corrected !== null && corrected < LEVEL
  if (!isDecided) return { ...drawn, corrected, finding: 'undecided' }
  const isHigher = drawn.paired!.difference > 0
  return { ...drawn, corrected, finding: isHigher === (findMeasure(measure)!.better === 'high') ? 'supported' : 'not supported' }
}

function draw(
  expectation: ComparedExpectation,
  axes: ExperimentDefinition['axes'],
  cells: readonly JudgedCell[],
): Omit<ComparedJudgement, 'finding' | 'comparisons'> & { readonly comparisons: readonly Drawn[] } {
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
  if (comparisons.length > 0) {
    const judged = [better, than].flatMap((side) => [...side.values()].flat())
    return { ...told, comparisons, sets: setsOf(measure, expectation, better, than), leftOut: leftOutOf(measure, judged) }
  }
  const missing = [`“${expectation.better}” and “${expectation.than}” are no variants of an axis “${expectation.axis}”`]
  return { ...told, comparisons: [{ at: [], better: null, than: null, paired: null, missing }], sets: null, leftOut: null }
}

function compare(
  measure: Measure & { readonly name: keyof RunSummary['measures'] },
  { better: betterLabel, than: thanLabel, acrossSets }: ComparedExpectation,
  at: string[],
  betterCells: readonly JudgedCell[],
  thanCells: readonly JudgedCell[],
): Drawn {
  const values = (cells: readonly JudgedCell[]): (number | null)[] => cells.map(({ run }) => valueOf(measure, run))
  const [better, than] = [repeatsOf(values(betterCells)), repeatsOf(values(thanCells))]
  const missing = [...lacking(measure, betterLabel, betterCells), ...lacking(measure, thanLabel, thanCells)]
  const judged = [...betterCells, ...thanCells].flatMap(({ run }) =>
    run?.state === 'done' ? [{ value: valueOf(measure, run), sets: run.sets }] : [],
  )
  if (!acrossSets && areUnlike(measure, judged))
    missing.push('the networks’ sets of units are unlike, and are not held against each other')
  const pairs = betterCells.flatMap(({ seed, run }) => {
    const other = thanCells.find((cell) => cell.seed === seed)
    return other ? [[valueOf(measure, run)!, valueOf(measure, other.run)!] as const] : []
  })
  if (missing.length === 0 && pairs.length < betterCells.length) missing.push('the seeds of both are not the same')
  return { at, better, than, paired: missing.length > 0 ? null : pairedTest(pairs), missing }
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
  return cells.length === 1 && parts.length === 0 ? [`${label}: one seed decides nothing, two or more are needed`] : parts
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

/** What is left out of an epoch's mean ratios would be the farthest from 1. */
function leftOutOf({ over, epoch }: Measure, cells: readonly JudgedCell[]): string | null {
  if (over === 'run' || epoch === undefined) return null
  const runs = cells
    .flatMap(({ run }) => (run?.state === 'done' && (run.measures.ratiosNotFinite ?? 0) > 0 ? [run.id] : []))
    .sort((a, b) => a - b)
  if (runs.length === 0) return null
  const more = runs.length - MOST_NAMED
  return `without ratios that are not finite, of ${runs.slice(0, MOST_NAMED).map(runNumber).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
const MOST_NAMED = 4

/** Of several: one that speaks against it outweighs all, and one that is open leaves all open. */
function together(parts: readonly { readonly finding: Finding }[]): Finding {
  if (parts.some(({ finding }) => finding === 'not supported')) return 'not supported'
  return parts.every(({ finding }) => finding === 'supported') ? 'supported' : 'undecided'
}
