import type { RunDetail, RunSummary } from '../../shared/api'
import { inspectNetwork } from '../../shared/architecture'
import type { Configuration } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { Unit } from '../../shared/records'
import { freeName } from '../../shared/run-labels'
import type { Catalogue } from '../datasets/catalogue'
import { writeBundle } from '../store/bundle'
import { readBundle } from '../store/bundle-import'
import type { Checkpoints } from '../store/checkpoints'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'
import { eventFiles } from './event-files'
import { exportRun } from './export'
import { exportEvents } from './export-events'
import { exportSpectra } from './export-spectra'
import { importEvents } from './import-events'
import { dataHashOf } from './run-data'
import { runSpectra } from './run-spectra'

export interface RunFilesWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly catalogue: Catalogue
  detail(run: number): RunDetail
  shown(run: number): RunSummary
  /** Says that a run has changed. */
  mark(run: number): void
}

/** Another run that is of the same recorder as this one. */
function sameTraining(store: Store, run: number): number | undefined {
  const session = store.runs.get(run).origin?.session
  return session === undefined ? undefined : store.runs.ofSession(session).find((id) => id !== run)
}

/** Runs that go out as files, and come in. */
export function runFiles(world: RunFilesWorld): Pick<Handlers, 'runs.export' | 'runs.import'> {
  const { store, checkpoints, catalogue, detail } = world
  /** Of a run that was trained elsewhere nobody knows the data. */
  const bundledDataHash = (run: number): string =>
    store.runs.get(run).origin ? '' : dataHashOf(catalogue, store.runs.configuration(run))
  return {
    'runs.export'({ run, out, format, spectra: ofSpectra }) {
      if (ofSpectra && format !== 'csv')
        throw new UserError(`spectra alone are written as CSV, not ${format}`, { remedy: 'JSON and bundles have them anyway' })
      if (ofSpectra) return { path: out, steps: exportSpectra(run, runSpectra(store, run), out) }
      if (format === 'bundle') return { path: out, steps: writeBundle(store, checkpoints, run, out, bundledDataHash(run)) }
      const told = detail(run)
      if (format === 'tensorboard') return { path: out, steps: exportEvents(store, told, out) }
      return { path: out, steps: exportRun(store, told, told.configuration, out, format) }
    },
    'runs.import'({ file }) {
      const unitsOf = ({ network }: Configuration): Unit[] => inspectNetwork(network).units
      const events = eventFiles(file)
      const run = events ? importEvents(store, checkpoints, file, events) : readBundle(store, checkpoints, file, unitsOf)
      const others = new Set(store.runs.all().flatMap(({ id, name }) => (id === run ? [] : [name])))
      const { name } = store.runs.get(run)
      if (others.has(name)) store.runs.update(run, { name: freeName(name, others) })
      const same = sameTraining(store, run)
      if (same !== undefined) {
        const message = `run ${same} is the same training: it was imported before, or told of while it ran`
        store.runs.addNotice(run, { step: store.runs.get(run).steps, at: new Date().toISOString(), message })
      }
      world.mark(run)
      return world.shown(run)
    },
  }
}
