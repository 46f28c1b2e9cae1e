import { findMeasure } from '../../shared/measures'
import { titleOf } from '../../shared/measures/values'
import type { SearchProgress } from '../../shared/search/progress'
import type { Search } from '../../shared/search/search'
import { axisLabel, valueText } from '../../shared/search/trial-words'
import { verdictSentences } from '../../shared/search/verdict'
import { measuredRepeats, table } from './format'

/** A line a trial: what it tried, what came of it. */
export function trialTable({ space, objective }: Search, { trials }: SearchProgress): string {
  const measure = findMeasure(objective.measure)!
  const isHalving = trials.some(({ epochs }) => epochs !== null)
  const head = ['trial', ...space.map(({ path }) => axisLabel(path)), ...(isHalving ? ['epochs'] : []), titleOf(measure), 'state']
  const rows = trials.map(({ number, values, mean, deviation, runs, epochs, state }) => [
    String(number),
    ...space.map(({ path }) => valueText(path, values[path])),
    ...(isHalving ? [String(epochs ?? 0)] : []),
    measuredRepeats(measure, mean === null ? null : { mean, deviation, count: runs.length }),
    state,
  ])
  return table([head, ...rows])
}

/** What the search found, a sentence a line; empty where no trial was trained whole. */
export function searchVerdictText(search: Search, { verdict, trials }: SearchProgress): string {
  if (!verdict) return ''
  const measure = findMeasure(search.objective.measure)!
  const settingsOf = (trial: number): SearchProgress['trials'][number]['values'] => trials[trial - 1]!.values
  return verdictSentences(search, verdict, settingsOf, (repeats) => measuredRepeats(measure, repeats))
    .map((sentence) => `${sentence}\n`)
    .join('')
}
