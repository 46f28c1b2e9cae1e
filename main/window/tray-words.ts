import type { RunSummary } from '../../shared/api'
import { runTitle } from '../../shared/run-labels'
import { isSteered } from './going-runs'
import { overallOf } from './run-news'

type Told = Pick<RunSummary, 'id' | 'name' | 'state' | 'progress' | 'origin'>

/** What the icon says, and what its menu offers. */
export interface TrayWords {
  /** `NormLab: #3 resnet-20, 42 %` */
  readonly tip: string
  /** Labels; undefined where there is nothing of the kind to be done. */
  readonly pause: string | undefined
  readonly goOn: string | undefined
  readonly stop: string | undefined
}

/** @param all The lab's runs, those that ended among them; what other programs train is not told. */
export function trayWords(all: Iterable<Told>): TrayWords {
  const runs = [...all].filter(isSteered)
  const of = (state: RunSummary['state']): Told[] => runs.filter((run) => run.state === state)
  const label = (verb: string, some: readonly Told[]): string | undefined =>
    some.length === 0 ? undefined : `${verb} ${some.length === 1 ? runTitle(some[0]!) : `all ${some.length} runs`}`
  return {
    tip: `NormLab: ${standing(runs)}`,
    pause: label('Pause', of('running')),
    goOn: label('Go on with', of('paused')),
    stop: label('Stop', runs),
  }
}

function standing(runs: readonly Told[]): string {
  if (runs.length === 0) return 'nothing is training'
  const { trains, isPaused, share } = overallOf(runs)
  const who = runs.length === 1 ? runTitle(runs[0]!) : `${runs.length} runs`
  const how = isPaused ? ', paused' : trains ? '' : runs.length === 1 ? ', waits' : ', waiting'
  return `${who}${share === null ? '' : `, ${Math.floor(100 * share)} %`}${how}`
}
