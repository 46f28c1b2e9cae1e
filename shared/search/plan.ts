import { bracketsOf, judged, type RungScores, type Standing } from './halving'
import { propose } from './propose'
import type { Search } from './search'
import { sequence } from './sequence'
import type { Values } from './space'

/** A trial that was chosen, as far as its runs have come. */
export interface TrialState {
  readonly values: Values
  /** The score of the whole trial: undefined until all of its runs have ended, null where one failed. */
  readonly score: number | null | undefined
  /** At the rungs of a halving that all of its runs have come to. */
  readonly rungs: RungScores
}

/** What is to be done next. */
export interface NextSteps {
  /** Settings of the trials to begin, in their order. */
  readonly begin: readonly Values[]
  /** Of a halving: each trial's standing; empty of another search. */
  readonly standings: readonly Standing[]
  /** Whether there is nothing left to try: all of the space is taken. */
  readonly isExhausted: boolean
}

/**
 * What follows from the trials so far. It depends on their order alone, not on the order in which their runs ended.
 *
 * @param rungs How many rungs a halving has.
 */
export function nextSteps(search: Search, trials: readonly TrialState[], rungs: number): NextSteps {
  const standings =
    search.sampler === 'halving'
      ? bracketsOf(search).flatMap(({ from, to }) =>
          judged(
            Array.from({ length: to - from }, (_, i) => trials[from + i]?.rungs ?? []),
            search.halving.factor,
            rungs,
          ),
        )
      : []
  const begin: Values[] = []
  const room = search.trials - trials.length
  if (search.sampler !== 'bayes') {
    const more = sequence(search)
    for (let i = 0; i < trials.length + room; i++) {
      const { value, done } = more.next()
      if (done) return { begin, standings, isExhausted: true }
      if (i >= trials.length) begin.push(value)
    }
    return { begin, standings, isExhausted: false }
  }
  while (begin.length < room) {
    const all = [...trials, ...begin.map((values) => ({ values, score: undefined }))]
    const usable = Math.max(all.length + 1 - search.ahead, 0)
    const known = all.slice(0, usable)
    if (known.some(({ score }) => score === undefined)) break
    const next = propose(
      search,
      known.map(({ values, score }) => ({ values, score: score ?? null })),
      all.slice(usable).map(({ values }) => values),
    )
    if (!next) return { begin, standings, isExhausted: true }
    begin.push(next)
  }
  return { begin, standings, isExhausted: false }
}
