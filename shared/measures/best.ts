import { repeatsOf, type Repeats } from '../repeats'
import type { Measure } from './measure'
import { areAlike, type UnitSets } from './unit-sets'

/** A run, or a group of them, as far as a measure judges it. */
export interface Judged {
  readonly value: number | null
  readonly sets: UnitSets
}

/** How bad a value is: less is better; null where the measure does not judge, or the value is none that can be judged. */
export function badness(measure: Pick<Measure, 'better'>, value: number | null): number | null {
  if (measure.better === null || value === null || !Number.isFinite(value)) return null
  if (measure.better === 'low') return value
  if (measure.better === 'high') return -value
  return value > 0 ? Math.abs(Math.log(value)) : null
}

/**
 * How bad values of several seeds are, with the spread of that: |ln| of each ratio, not |ln| of their mean, which 0.1 and 1.9 have at 1. Null of
 * none, and where one of them has none, for it would be the worst that is left out.
 */
export function badnessOver(measure: Pick<Measure, 'better'>, values: readonly (number | null)[]): Repeats | null {
  const each = values.map((value) => badness(measure, value))
  return each.includes(null) ? null : repeatsOf(each)
}

/** Whether the measure is over sets of units that hold unlike sorts, so that its values are not to be held against each other. */
export function areUnlike({ over }: Pick<Measure, 'over'>, judged: readonly Judged[]): boolean {
  if (over === 'run') return false
  const sets = judged.filter(({ value }) => value !== null).map(({ sets }) => sets[over])
  return sets.some((set) => !areAlike(set, sets[0]!))
}

/** Which of these are the best, by their place; none of fewer than two, and none across unlike sets. */
export function bestOf(measure: Pick<Measure, 'better' | 'over'>, judged: readonly Judged[]): ReadonlySet<number> {
  const scores = judged.map(({ value }) => badness(measure, value))
  const known = scores.filter((score) => score !== null)
  if (known.length < 2 || areUnlike(measure, judged)) return new Set()
  const best = Math.min(...known)
  return new Set(scores.flatMap((score, place) => (score === best ? [place] : [])))
}
