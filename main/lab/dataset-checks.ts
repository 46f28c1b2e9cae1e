import { type DatasetChecks, usualChecks } from '../../shared/datasets/checks'
import { hasChecks, keepChecks, keptChecks } from '../datasets/checks/kept-checks'
import type { Handlers } from './boundary'
import type { DatasetWorld } from './dataset-handlers'

/** What the lab answers about the honesty of data sets. */
export type CheckRequestName = 'datasets.check' | 'datasets.checks'

export function datasetChecks({ catalogue, jobs }: Pick<DatasetWorld, 'catalogue' | 'jobs'>): Pick<Handlers, CheckRequestName> {
  return {
    'datasets.checks': ({ name }) => {
      catalogue.describe(name)
      return { checks: keptChecks(catalogue, name) }
    },
    async 'datasets.check'({ name, only, again }, control) {
      const kept = keptChecks(catalogue, name)
      const wanted = only ?? usualChecks
      const missing = kept && !again ? wanted.filter((one) => !hasChecks(kept, [one])) : wanted
      if (kept && missing.length === 0) return chosen(kept, only)
      const task = { name, dataFolder: catalogue.folder, only: missing }
      return chosen(keepChecks(catalogue, await jobs.run('check-dataset', task, control)), only)
    },
  }
}

/** Of all that is on record, what was asked for. */
function chosen(checks: DatasetChecks, only: readonly string[] | undefined): DatasetChecks {
  return only === undefined ? checks : { ...checks, findings: checks.findings.filter(({ check }) => only.includes(check)) }
}
