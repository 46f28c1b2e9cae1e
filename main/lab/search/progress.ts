import type { Experiment } from '../../../shared/experiments/experiment'
import { findMeasure } from '../../../shared/measures'
import { badnessOver } from '../../../shared/measures/best'
import { bracketsOf, judged } from '../../../shared/search/halving'
import type { SearchProgress, SearchTrial } from '../../../shared/search/progress'
import type { Search } from '../../../shared/search/search'
import { type Compared, searchVerdict } from '../../../shared/search/verdict'
import { type TrialOutcome, rungsOfSearch } from './outcomes'

/** @param problem Why it could not go on, where it was tried. */
export function progressOf(
  known: Experiment,
  search: Search,
  outcomes: readonly TrialOutcome[],
  problem: string | null,
): SearchProgress {
  const rungs = rungsOfSearch(known, search)
  const ended = endedEarly(search, outcomes, rungs.length)
  const trials = outcomes.map(({ values, runs, repeats, epochs }, i): SearchTrial => ({
    ...{ number: i + 1, values: { ...values }, runs: [...runs], epochs },
    ...{ mean: repeats?.mean ?? null, deviation: repeats?.deviation ?? null },
    state: stateOf(runs, ended[i] ?? false, search.sampler !== 'halving' || epochs === rungs[rungs.length - 1]),
  }))
  const measure = findMeasure(search.objective.measure)!
  const compared = trials.flatMap(({ number, state, runs }, i): Compared[] => {
    const { repeats } = outcomes[i]!
    const bad = badnessOver(
      measure,
      runs.map(({ value }) => value),
    )
    return state === 'done' && repeats && bad ? [{ trial: number, repeats, badness: bad }] : []
  })
  const tried = trials.filter(({ mean, state }) => mean !== null || state === 'failed').length
  const isComplete =
    trials.length >= search.trials && trials.every(({ state }) => ['done', 'ended early', 'failed'].includes(state))
  const isLive = trials.some(({ state }) => state === 'at work' || state === 'to come')
  const halted = trials.find(({ state }) => state === 'halted')
  const state = isComplete ? 'done' : isLive ? 'going on' : search.stopped ? 'stopped' : 'halted'
  const why =
    state !== 'halted'
      ? null
      : (problem ??
        (halted
          ? `a run of trial ${halted.number} was stopped, interrupted or deleted`
          : 'NormLab ended before the next trial began'))
  return { state, why, trials, best: bestSoFar(compared), verdict: searchVerdict(compared, tried) }
}

function endedEarly(search: Search, outcomes: readonly TrialOutcome[], rungs: number): boolean[] {
  if (search.sampler !== 'halving') return []
  return bracketsOf(search).flatMap(({ from, to }) =>
    judged(
      Array.from({ length: to - from }, (_, i) => outcomes[from + i]?.rungs ?? []),
      search.halving.factor,
      rungs,
    ).map(({ isEnded }) => isEnded),
  )
}

function stateOf(runs: TrialOutcome['runs'], isEnded: boolean, isWhole: boolean): SearchTrial['state'] {
  const states = runs.map(({ state }) => state)
  if (states.some((state) => state === 'running' || state === 'paused')) return 'at work'
  if (states.some((state) => state === 'queued')) return 'to come'
  if (states.some((state) => state === null || state === 'stopped' || state === 'interrupted')) return 'halted'
  if (states.some((state) => state === 'failed')) return 'failed'
  if (isEnded) return 'ended early'
  return isWhole ? 'done' : 'waiting'
}

/** In the order of the trials. */
function bestSoFar(compared: readonly Compared[]): SearchProgress['best'] {
  let best = compared[0]
  return compared.map((one) => {
    if (one.badness.mean < best!.badness.mean) best = one
    return { trial: one.trial, value: best!.repeats.mean }
  })
}
