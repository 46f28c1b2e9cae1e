import type { Lab } from '../../shared/api'
import type { Experiment } from '../../shared/experiments/experiment'
import { findMeasure } from '../../shared/measures'
import { plainText } from '../../shared/run-labels'
import type { SearchProgress, SearchTrial } from '../../shared/search/progress'
import { valueWords } from '../../shared/search/trial-words'
import { measured } from '../text/format'
import { searchVerdictText, trialTable } from '../text/search'
import { type Output, jsonLine } from './command'
import { followUntil } from './follow-run'

const OVER: ReadonlySet<SearchTrial['state']> = new Set(['done', 'ended early', 'failed'])

/** Follows a search to its end, a line a trial, and tells what it found. */
export async function followSearch(lab: Lab, { id, definition }: Experiment, output: Output, json: boolean): Promise<number> {
  const of = definition.search!
  const measure = findMeasure(of.objective.measure)!
  output.say(`Search ${id}: ${plainText(definition.name)}\n`)
  const told = new Set<string>()
  const tell = ({ trials }: SearchProgress): void => {
    for (const { number, values, mean, deviation, epochs, state, runs } of trials) {
      const key = `${number} ${state} ${epochs}`
      if (!OVER.has(state) || told.has(key)) continue
      told.add(key)
      output.say(
        `trial ${number}: ${valueWords(of.space, values)}: ${measured(measure, mean)}${state === 'done' ? '' : `, ${state}`}\n`,
      )
      if (json) output.print(jsonLine({ experiment: id, trial: number, values, state, epochs, mean, deviation, runs }))
    }
  }
  const last = await followUntil(
    lab,
    output,
    async () => {
      const progress = await lab.request('experiments.search', { id })
      tell(progress)
      return progress.state === 'going on' ? undefined : progress
    },
    () => lab.request('experiments.stop', { id }),
  )
  const { state, why, verdict } = last
  if (json) output.print(jsonLine({ experiment: id, state, why, best: last.best, verdict }))
  else output.print(trialTable(of, last) + searchVerdictText(of, last))
  if (state !== 'done') output.say(`The search is ${state}${why ? `: ${why}` : ''}; normlab search ${id} goes on with it.\n`)
  return state === 'done' ? 0 : 1
}
