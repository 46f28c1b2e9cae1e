import type { Halving, Search } from './search'

/** The epochs at which trials are judged, ascending; the last is the whole run. */
export function rungsOf({ from, factor }: Halving, epochs: number): number[] {
  const rungs = [epochs]
  for (;;) {
    const next = Math.round(rungs[0]! / factor)
    if (next < from || next < 1 || next >= rungs[0]!) return rungs
    rungs.unshift(next)
  }
}

/** How many of so many trials go on from each rung but the last, one at least. */
export function survivors(trials: number, factor: number, rungs: number): number[] {
  return Array.from({ length: rungs - 1 }, (_, rung) => Math.max(1, Math.floor(trials / factor ** (rung + 1))))
}

/** First and last + 1 of each bracket's trials, from 0. */
export function bracketsOf({ brackets, trials }: Pick<Search, 'brackets' | 'trials'>): { from: number; to: number }[] {
  const ends = [...brackets, trials]
  return ends.map((to, i) => ({ from: ends[i - 1] ?? 0, to }))
}

/** A trial's values at the rungs that it has come to: less is better; null where its run failed. */
export type RungScores = readonly (number | null)[]

/** Which rung a trial is to come to, from 0. */
export interface Standing {
  readonly rung: number
  /** Whether others went on from its rung and it did not. */
  readonly isEnded: boolean
}

/**
 * What is to become of a bracket's trials: those of a rung are judged together, once all have come to it, so that the order in which they end plays no part. Of equal ones
 * the earlier goes on.
 *
 * @param scores Of each trial of the bracket.
 */
export function judged(scores: readonly RungScores[], factor: number, rungs: number): Standing[] {
  const standings = scores.map(() => ({ rung: 0, isEnded: false }))
  let here = scores.map((_, trial) => trial)
  survivors(scores.length, factor, rungs).some((count, rung) => {
    if (here.some((trial) => scores[trial]![rung] === undefined)) return true
    const order = [...here].sort((a, b) => (scores[a]![rung] ?? Infinity) - (scores[b]![rung] ?? Infinity) || a - b)
    const best = order.slice(0, count).filter((trial) => scores[trial]![rung] !== null)
    for (const trial of here)
      standings[trial] = best.includes(trial) ? { rung: rung + 1, isEnded: false } : { rung, isEnded: true }
    here = best
    return false
  })
  return standings
}
