import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { checkStore } from '../store/check'
import type { Checkpoint, Checkpoints } from '../store/checkpoints'
import type { StoredRun } from '../store/run-rows'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'

export interface DiskWorld {
  readonly store: Store
  readonly checkpoints: Checkpoints
  readonly isLive: (run: number) => boolean
  /** @throws UserError where the run is another lab's. */
  readonly own: (run: number) => void
}

/** What is computed again when it is asked for. */
const CACHES = ['jacobians', 'spectra'] as const

const PARTS: readonly (readonly [name: string, says: string])[] = [
  ['normlab.db', 'the runs and their records, the library, experiments'],
  ['checkpoints', 'from which runs go on'],
  ['datasets', 'imported and prepared data sets'],
  ['weights', 'of the networks in the library'],
  ['engines', 'installed beside the one inside NormLab'],
  ['jacobians', 'a cache: computed again when it is asked for'],
  ['spectra', 'a cache: computed again when it is asked for'],
]

/** Files of a folder and below, and their bytes; of a file itself; nothing of what is not there. */
export function sizeOf(place: string): { files: number; bytes: number } {
  const found = statSync(place, { throwIfNoEntry: false })
  if (!found) return { files: 0, bytes: 0 }
  if (!found.isDirectory()) return { files: 1, bytes: found.size }
  let [files, bytes] = [0, 0]
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const part = sizeOf(path.join(place, entry.name))
    files += part.files
    bytes += part.bytes
  }
  return { files, bytes }
}

const REST = ['the rest', 'logs, the window’s state, room kept for when the disk is full'] as const

/** What lies in the data folder, by the names that a user knows it by; each entry of it is in one part, also where it is a link to elsewhere. */
function partsOf(home: string): { name: string; says: string; files: number; bytes: number }[] {
  const parts = [...PARTS, REST].map(([name, says]) => ({ name, says, files: 0, bytes: 0 }))
  for (const entry of readdirSync(home)) {
    // The newest records lie beside the database until they are moved into it.
    const name = entry.replace(/^(normlab\.db)-(wal|shm)$/, '$1')
    const part = parts.find((one) => one.name === name) ?? parts[parts.length - 1]!
    const { files, bytes } = sizeOf(path.join(home, entry))
    part.files += files
    part.bytes += bytes
  }
  return parts.filter(({ files }) => files > 0)
}

type DiskRequest = Extract<keyof Handlers, `disk.${string}`>

export function diskHandlers({ store, checkpoints, isLive, own }: DiskWorld): Pick<Handlers, DiskRequest> {
  /** The checkpoints that a run can do without. */
  const spare = ({ id }: Pick<StoredRun, 'id'>): Checkpoint[] => {
    const { configuration } = store.runs.readConfiguration(id)
    const best = configuration.training.checkpoint.best ? store.epochs.bestTestedStep(id) : undefined
    const last = store.steps.lastNumber(id)
    const [newest, ...older] = checkpoints.of(id).files.filter(({ step }) => step <= last)
    return newest ? older.filter(({ step }) => step !== best) : []
  }
  const bytesOf = (files: readonly Checkpoint[]): number =>
    files.reduce((sum, { file }) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)

  return {
    async 'disk.use'() {
      const runs = [...store.runs.all(), ...store.runs.deleted()].map((run) => ({
        ...{ run: run.id, name: run.name, isDeleted: run.deletedAt !== null },
        records: store.steps.bytes(run.id) + store.spectra.bytes(run.id),
        checkpoints: checkpoints.bytes(run.id),
        spare: isLive(run.id) ? 0 : bytesOf(spare(run)),
      }))
      runs.sort((a, b) => b.records + b.checkpoints - a.records - a.checkpoints)
      const parts = partsOf(store.home)
      // Node 16 (Electron 22) has no statfs.
      const free = typeof statfs === 'function' ? await statfs(store.home).then(({ bavail, bsize }) => bavail * bsize) : null
      return { home: store.home, runs, parts, total: parts.reduce((sum, part) => sum + part.bytes, 0), free }
    },
    'disk.free'({ runs }) {
      for (const run of runs) {
        store.runs.get(run)
        own(run)
        if (isLive(run)) throw new UserError(`run ${run} is going on`, { remedy: 'stop it first' })
      }
      let bytes = 0
      for (const id of new Set(runs)) {
        const before = checkpoints.bytes(id)
        const [left] = checkpoints.remove(spare({ id }))
        if (left !== undefined) throw new UserError(left, { remedy: 'close what has it open, and try again' })
        bytes += before - checkpoints.bytes(id)
      }
      return { bytes }
    },
    'disk.check'() {
      const { runs, problems, remedy } = checkStore(store.home)
      return { runs, problems: [...problems], remedy: remedy ?? null }
    },
    'disk.clear-caches'() {
      let bytes = 0
      for (const name of CACHES) {
        const folder = path.join(store.home, name)
        if (store.refusal) throw store.refusal
        if (!existsSync(folder)) continue
        bytes += sizeOf(folder).bytes
        rmSync(folder, { recursive: true, force: true })
      }
      return { bytes }
    },
  }
}
