import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { UserError, isUserError } from '../../shared/errors'
import type { StepRecord } from '../../shared/records'
import { reasonOf } from '../files/reasons'
import { MOST_STEPS } from './bundle-format'
import { REPAIR, type StoreCheck, checkStore } from './check'
import { Connection } from './connection'
import { EPOCH_COLUMNS } from './epochs'
import { makeDataFolder, makePrivate } from './home'
import { isOutOfSpace } from './failures'
import { mendSchema } from './mend-schema'
import { Ownership } from './ownership'
import { writeRefusal } from './reading'
import { STORE_VERSION, newerStore, versionOf } from './schema'
import { RUN_COLUMNS, type RunPatch, toRun } from './run-rows'
import { type Damaged, LeafTables, salvagedOrFound } from './leaf-salvage'
import type { Salvaged } from './salvage'
import { SPECTRA_COLUMNS } from './spectra'
import { STEP_COLUMNS, toStep } from './steps'
import { Store } from './store'
import { readJson } from './text-rows'

/** What a repair came to. */
export interface Repair {
  readonly runs: number
  readonly steps: number
  /** What could not be taken over, a sentence each. */
  readonly lost: readonly string[]
  /** Whether there is a store at all. */
  readonly isThere: boolean
  /** Where the damaged file is kept; undefined where nothing was to be repaired. */
  readonly kept: string | undefined
}

/** Tables that are taken over as they are, in an order in which what a row points to comes before it. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  settings: ['name', 'value'],
  experiments: ['id', 'definition', 'created_at'],
  comparisons: ['id', 'name', 'layout', 'created_at'],
  library: ['id', 'name', 'document', 'created_at', 'changed_at', 'deleted_at', 'weights'],
  library_versions: ['id', 'item', 'at', 'note', 'document'],
}

/**
 * Makes a new store of all that can be read of a damaged one, and puts it in its place; the damaged file is kept beside it.
 *
 * @throws UserError where a NormLab is at work on the folder, or nothing can be written there.
 */
export function repairStore(home: string, now = new Date()): Repair {
  const folder = makeDataFolder(home)
  const file = path.join(folder, 'normlab.db')
  if (!existsSync(file)) return { runs: 0, steps: 0, lost: [], isThere: false, kept: undefined }
  if (!statSync(file).isFile())
    throw new UserError('this is no file, so there is nothing to repair', { place: file, remedy: 'move it out of the way' })
  const refusal = writeRefusal(folder, file)
  if (refusal)
    throw new UserError('the store cannot be repaired here: nothing can be written', {
      place: folder,
      remedy: 'give yourself write permission, or repair a copy: normlab store repair --home COPY',
    })
  const ownership = new Ownership(folder)
  let work: string | undefined
  try {
    if (ownership.hasOthers())
      throw new UserError('another NormLab is at work on this data folder', { place: folder, remedy: 'close it first' })
    work = mkdtempSync(path.join(folder, 'repair-'))
    const copy = path.join(work, 'damaged.db')
    for (const ending of ['', '-wal']) if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending)
    refuseNewer(copy, file)
    const seen = checkStore(folder)
    if (seen.remedy !== REPAIR && !seen.remedy?.startsWith('normlab store repair')) return untouched(folder, seen)
    mendHeader(copy)
    const lost: string[] = []
    const counts = takeOver(copy, path.join(work, 'new'), (what) => {
      if (!lost.includes(what)) lost.push(what)
    })
    const kept = path.join(folder, `normlab-damaged-${now.toISOString().replace(/[:.]/g, '-')}.db`)
    for (const ending of ['', '-wal']) if (existsSync(file + ending)) renameSync(file + ending, kept + ending)
    for (const ending of ['', '-wal']) if (existsSync(kept + ending)) makePrivate(kept + ending)
    rmSync(`${file}-shm`, { force: true })
    renameSync(path.join(work, 'new', 'normlab.db'), file)
    return { ...counts, lost, isThere: true, kept }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (isUserError(error) || code === undefined) throw error
    throw new UserError(`the store cannot be repaired here: ${reasonOf({ code })}`, {
      place: folder,
      remedy: 'make room there, or repair a copy',
    })
  } finally {
    ownership.close()
    if (work !== undefined) rmSync(work, { recursive: true, force: true })
  }
}

/** What a newer NormLab stored would not be taken over. A number that no version will have is damage. */
function refuseNewer(copy: string, file: string): void {
  let source: Connection | undefined
  let version = 0
  try {
    source = new Connection(copy)
    version = versionOf(source)
  } catch (error) {
    if (!isUserError(error)) throw error
  } finally {
    source?.close()
  }
  if (version > STORE_VERSION && version < 1000) throw newerStore(version, file)
}

/** A store in which nothing is damaged; one that cannot be opened for another reason says which. */
function untouched(folder: string, { problems, runs }: StoreCheck): Repair {
  const store = new Store(folder)
  try {
    if (store.refusal) throw store.refusal
    const { steps } = store.first('SELECT count(*) AS steps FROM steps') as { steps: number }
    return { runs, steps, lost: problems, isThere: true, kept: undefined }
  } finally {
    store.close()
  }
}

/** Damage is passed over; that nothing can be written is no damage, and would lose what is whole. */
function passOver(error: unknown, target: Store): void {
  if (!isUserError(error) || isOutOfSpace(error) || target.refusal) throw error
}

/** A file of pages that only lost its first bytes still has the rest. */
function mendHeader(file: string): void {
  const bytes = readFileSync(file)
  if (bytes.length < 512 || bytes.toString('latin1', 0, 16) === 'SQLite format 3\0') return
  bytes.write('SQLite format 3\0', 0, 'latin1')
  writeFileSync(file, bytes)
}

function takeOver(copy: string, home: string, lose: (what: string) => void): { runs: number; steps: number } {
  mkdirSync(home)
  const target = new Store(home)
  const leaves = new LeafTables(copy, path.join(home, 'leaves.db'))
  let source: Connection | undefined
  try {
    source = openMended(copy, target)
    const counts = fill({ source, leaves }, target, lose)
    if (!source && counts.runs === 0) lose('nothing of it can be read')
    return counts
  } catch (error) {
    passOver(error, target)
    lose('nothing of it can be read')
    return { runs: 0, steps: 0 }
  } finally {
    leaves.close()
    source?.close()
    target.close()
  }
}

/** Undefined where SQLite cannot open it at all. */
function openMended(copy: string, target: Store): Connection | undefined {
  let source: Connection | undefined
  try {
    source = openDamaged(copy)
    const version = versionOf(source)
    mendSchema(source, version >= 1 && version < STORE_VERSION ? version : STORE_VERSION)
    // Closing folds the log into the file, whose pages may be read alone.
    source.close()
    return (source = openDamaged(copy))
  } catch (error) {
    source?.close()
    passOver(error, target)
    return undefined
  }
}

/** Entries of the schema that cannot be read are passed over. */
function openDamaged(copy: string): Connection {
  const source = new Connection(copy)
  try {
    source.execute('PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF')
    source.query('SELECT count(*) AS count FROM sqlite_schema')
    return source
  } catch (error) {
    source.close()
    throw error
  }
}

function isOlder(source: Connection, version: number): boolean {
  try {
    return versionOf(source) < version
  } catch (error) {
    if (!isUserError(error)) throw error
    return false
  }
}

function fill(from: Damaged, target: Store, lose: (what: string) => void): { runs: number; steps: number } {
  for (const [table, columns] of Object.entries(PLAIN))
    for (const row of salvagedOrFound(from, table, columns, [], lose)) insert(target, table, columns, row, lose)
  const runs = new Set<number>()
  const names = Object.keys(RUN_COLUMNS) as (keyof typeof RUN_COLUMNS)[]
  const columns = [...names.filter((name) => name !== 'settings').map((name) => RUN_COLUMNS[name]), 'configuration']
  for (const row of salvagedOrFound(from, 'runs', columns, [], lose)) if (takeRun(target, row, lose)) runs.add(row.id as number)
  const orphans = new Map<number, number>()
  let steps = 0
  let held: StepRecord[] = []
  let of = 0
  const flush = (): void => {
    steps += takeSteps(target, of, held)
    held = []
  }
  for (const row of salvagedOrFound(from, 'steps', ['run'], STEP_COLUMNS, lose)) {
    const run = row.run as number
    const step = toStep(row)
    if (!runs.has(run)) orphans.set(run, (orphans.get(run) ?? 0) + 1)
    if (!runs.has(run) || step.step < 1 || step.step > MOST_STEPS) continue
    if (run !== of || held.length >= 256) flush()
    of = run
    held.push(step)
  }
  flush()
  for (const row of salvagedOrFound(from, 'epochs', ['run'], EPOCH_COLUMNS, lose))
    if (runs.has(row.run as number)) insert(target, 'epochs', ['run', ...EPOCH_COLUMNS], row, () => undefined)
  // Stores of earlier versions have none to lose.
  const missed = from.source && isOlder(from.source, 7) ? () => undefined : lose
  for (const row of salvagedOrFound(from, 'spectra', ['run'], SPECTRA_COLUMNS, missed))
    if (runs.has(row.run as number)) insert(target, 'spectra', ['run', ...SPECTRA_COLUMNS], row, () => undefined)
  const words = ['run', 'step', 'unit', 'text', 'at']
  for (const row of salvagedOrFound(from, 'annotations', words, [], lose))
    if (runs.has(row.run as number)) insert(target, 'annotations', words, row, lose)
  for (const [run, count] of orphans) lose(`run ${run} is lost; of it there are ${count} steps and no more`)
  for (const run of runs) {
    const missing = target.steps.lastNumber(run) - target.steps.count(run)
    if (missing > 0) lose(`run ${run}: ${missing} of its steps are lost`)
  }
  return { runs: runs.size, steps }
}

/** The run with all that can be read of it; for the rest stands what stands for it in lists. */
function takeRun(target: Store, row: Salvaged, lose: (what: string) => void): boolean {
  const { id, configuration } = row
  if (!Number.isSafeInteger(id) || (id as number) < 1) return false
  const told = Object.fromEntries(Object.entries(RUN_COLUMNS).map(([name, column]) => [name, row[column] ?? null]))
  const broken = row.broken as readonly string[]
  const replaced = Object.entries(RUN_COLUMNS).flatMap(([name, column]) => (broken.includes(column) ? [name] : []))
  const { id: _id, unreadable, settings: _, ...run } = toRun({ ...told, settings: '{}', broken: replaced } as never)
  // Pages of another table may have come to lie in this one's.
  if (unreadable.some((what) => /its (state|units) cannot/.test(what)) && typeof readJson(configuration) !== 'object')
    return false
  const text = typeof configuration === 'string' ? configuration : '{}'
  const experiment =
    target.query('SELECT id FROM experiments WHERE id = ?', [run.experiment ?? 0]).length > 0 ? run.experiment : null
  try {
    target.change(
      `INSERT INTO runs (id, name, state, configuration, network, dataset, seed, units, versions, steps, steps_per_epoch, created_at)
       VALUES (?, '', '', ?, '', '', 0, '[]', '{}', 0, 0, '')`,
      [id, text],
    )
    target.runs.update(id as number, { ...run, experiment, owner: null, ownerPid: null } as RunPatch)
  } catch (error) {
    passOver(error, target)
    return false
  }
  const lost = broken.includes('configuration') ? [...unreadable, 'its configuration is no UTF-8 text'] : unreadable
  if (lost.length > 0) lose(`run ${String(id)}: ${lost.join(', ')}`)
  return true
}

/** @returns how many are new; a step that is there already is left as it is. */
function takeSteps(target: Store, run: number, steps: readonly StepRecord[]): number {
  const fresh = steps.filter(({ step }, i) => steps.findIndex((other) => other.step === step) === i)
  const missing = fresh.filter(({ step }) => target.steps.between(run, step, step).length === 0)
  try {
    target.append(run, missing, [])
    return missing.length
  } catch (error) {
    passOver(error, target)
    if (steps.length === 1) return 0
    // One of them does not fit; the others do.
    return steps.reduce((sum, step) => sum + takeSteps(target, run, [step]), 0)
  }
}

function insert(target: Store, table: string, columns: readonly string[], row: Salvaged, lose: (what: string) => void): void {
  const values = columns.map((column) => (row[column] instanceof ArrayBuffer ? Buffer.from(row[column]) : (row[column] ?? null)))
  try {
    target.change(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, values)
  } catch (error) {
    passOver(error, target)
    lose(`some of the table of ${table} cannot be read`)
  }
}
