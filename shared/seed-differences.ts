import type { RunSummary } from './api'
import { type MeasureName, measures } from './measures'
import { areUnlike, badness, bestOf } from './measures/best'
import type { Measure } from './measures/measure'
import { titleOf } from './measures/values'
import { repeatsOf } from './repeats'
import type { SeedGroup } from './seed-groups'
import { holm } from './statistics/holm'
import { pairedP, type PairedTest, pairedTest } from './statistics/paired'

/** Below which p, corrected, two combinations are told apart. */
export const LEVEL = 0.05

/** Runs that differ in nothing but the seed, one of each. */
export interface SeedArm {
  readonly label: string
  readonly runs: readonly Pick<RunSummary, 'seed' | 'state' | 'measures' | 'sets'>[]
}

/** Groups of runs as arms; those of one experiment are called as its combinations are. */
export function armsOf(groups: readonly SeedGroup<RunSummary>[], isExperiment: boolean): SeedArm[] {
  return groups.map(({ label, samples }) => ({
    label: (isExperiment && samples[0]!.cell?.labels.join(' · ')) || label,
    runs: samples,
  }))
}

type NamedMeasure = Measure & { readonly name: MeasureName }

/** An arm against the first one, by a measure, over the seeds that both have. */
export interface SeedDifference {
  readonly measure: NamedMeasure
  /** What is judged by: the measure, or how far its logarithm is from 0. */
  readonly judgedBy: string
  readonly arm: string
  readonly against: string
  readonly paired: PairedTest
  /** Its p, corrected for all of these tests; null where there is no spread to test by. */
  readonly corrected: number | null
  readonly isApart: boolean
}

/** What a run is judged by: its value, or where a measure is better near 1 how far its logarithm is from 0. Null of a run that is not done. */
function judgedValue(measure: NamedMeasure, { state, measures: values }: SeedArm['runs'][number]): number | null {
  if (state !== 'done') return null
  const value = values[measure.name]
  const judged = measure.better === 'near one' ? badness(measure, value) : value
  return judged !== null && Number.isFinite(judged) ? judged : null
}

function pairsOf(measure: NamedMeasure, first: SeedArm, second: SeedArm): readonly (readonly [number, number])[] {
  const all = [...first.runs, ...second.runs].map((run) => ({ value: judgedValue(measure, run), sets: run.sets }))
  if (areUnlike(measure, all)) return []
  return first.runs.flatMap((run) => {
    const other = second.runs.find(({ seed }) => seed === run.seed)
    const pair = [judgedValue(measure, run), other ? judgedValue(measure, other) : null]
    return pair.includes(null) ? [] : [pair as [number, number]]
  })
}

const judges = measures.filter(({ isMain, better }) => isMain && better !== null)

/**
 * The main measures that judge, those that say the same together: where every unit is a block, a measure over all units has the blocks' values in each
 * run, and a test that is counted twice would make the correction harsher for all.
 */
function judgesOf(arms: readonly SeedArm[]): [NamedMeasure, ...NamedMeasure[]][] {
  const alike = new Map<string, [NamedMeasure, ...NamedMeasure[]]>()
  for (const measure of judges) {
    const values = arms.flatMap(({ runs }) => runs.map((run) => judgedValue(measure, run)))
    const figures = `${measure.better} ${JSON.stringify(values)}`
    const others = alike.get(figures)
    if (others) others.push(measure)
    else alike.set(figures, [measure])
  }
  return [...alike.values()]
}

/** Each arm against the first, by every main measure that judges. Of arms with fewer than two seeds in common there is none: one seed decides nothing. */
export function seedDifferences([against, ...arms]: readonly SeedArm[]): SeedDifference[] {
  if (!against) return []
  const tested = judgesOf([against, ...arms]).flatMap(([measure]) =>
    arms.flatMap((arm) => {
      const paired = pairedTest(pairsOf(measure, arm, against))
      if (!paired) return []
      const judgedBy = measure.better === 'near one' ? `|ln ${titleOf(measure)}|` : titleOf(measure)
      return [{ measure, judgedBy, arm: arm.label, against: against.label, paired }]
    }),
  )
  const corrected = holm(tested.map(({ paired }) => paired.p))
  return tested.map((one, i) => ({ ...one, corrected: corrected[i]!, isApart: corrected[i] !== null && corrected[i]! < LEVEL }))
}

/** The one arm with the best mean by a measure, of those whose seeds all have a value: undefined where sets are unlike, or several alike. */
function bestArm(measure: NamedMeasure, arms: readonly SeedArm[]): number | undefined {
  const judged = arms.flatMap(({ runs: [first, ...others] }) => {
    if (!first) return []
    const values = [first, ...others].map((run) => judgedValue(measure, run))
    // A seed that failed or goes on would be the worst that is left out.
    return [{ value: values.includes(null) ? null : repeatsOf(values)!.mean, sets: first.sets }]
  })
  if (judged.length < arms.length) return undefined
  // |ln| of a ratio is the less the better, whatever the measure itself is.
  const judging = measure.better === 'near one' ? { ...measure, better: 'low' as const } : measure
  const [best, ...others] = bestOf(judging, judged)
  return others.length === 0 ? best : undefined
}

/** By which main measures one arm is best and told apart from every other, with p corrected for all of these tests; none of one seed. */
export function winnersOf(arms: readonly SeedArm[]): ReadonlyMap<MeasureName, number> {
  const bests = judgesOf(arms).flatMap((alike) => {
    const [measure] = alike
    const best = bestArm(measure, arms)
    if (best === undefined) return []
    const tests = arms.flatMap((arm, i) => (i === best ? [] : [pairedP(pairsOf(measure, arms[best]!, arm))]))
    return [{ alike, best, tests }]
  })
  const corrected = holm(bests.flatMap(({ tests }) => tests))
  let next = 0
  return new Map(
    bests.flatMap(({ alike, best, tests }) => {
      const own = corrected.slice(next, (next += tests.length))
      return own.every((p) => p !== null && p < LEVEL) ? alike.map(({ name }) => [name, best] as const) : []
    }),
  )
}
