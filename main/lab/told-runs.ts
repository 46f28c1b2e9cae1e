import type { RunDetail, RunSummary } from '../../shared/api'
import type { Catalogue } from '../datasets/catalogue'
import type { Checkpoints } from '../store/checkpoints'
import { annotations } from '../store/notes'
import { type StoredRun, configurationProblem } from '../store/run-rows'
import type { Store } from '../store/store'
import { dataFault } from './run-data'
import { toldConfiguration } from './summary'

interface World {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly catalogue: Catalogue
  summary(stored: StoredRun): RunSummary
}

/** Runs by their numbers, as the lists have them and as their pages do. */
export function toldRuns({ store, checkpoints, catalogue, summary }: World) {
  const shown = (run: number): RunSummary => summary(store.runs.get(run))
  const detail = (run: number): RunDetail => {
    const stored = store.runs.get(run)
    const { configuration, problems } = store.runs.readConfiguration(run)
    const told = summary(stored)
    return {
      ...told,
      configuration: toldConfiguration(configuration, stored.stepsPerEpoch),
      unreadable: [...new Set([...told.unreadable, ...problems.map(configurationProblem)])],
      dataFault: problems.length > 0 || configuration.origin ? null : dataFault(catalogue, configuration),
      units: [...stored.units],
      hasWeights: checkpoints.of(run).files.length > 0,
      annotations: annotations(store, run),
    }
  }
  return { shown, detail }
}
