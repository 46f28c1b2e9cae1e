import { LONGEST_NAME } from '../../shared/run-labels'
import { mkdirSync, rmSync } from 'node:fs'
import { expand, inspectNetwork } from '../../shared/architecture'
import type { Configuration } from '../../shared/configuration'
import { isUserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import type { Unit } from '../../shared/records'
import { LIVE_VALUES, liveLayers } from '../../shared/spectra/live'
import { OWNERS, writeFile } from '../files/write-file'
import { checkHeader, checkTables, hasTable, manifestText, refusal } from './bundle-check'
import { checkRecords, checkSpectra } from './bundle-records'
import { type BundleColumns, Manifest, MORE_RECORDS, NO_NAME, RECORDS } from './bundle-format'
import { type Checkpoints, checkpointFile } from './checkpoints'
import { checkCheckpoint } from './checkpoint-digest'
import { checkRecordedWeights } from './recorded-weights'
import { Connection } from './connection'
import { StoreFailure } from './failures'
import { deriveEpochs, summariseEpochs } from './derived'
import { newNumber } from './run-number'
import { SCALARS_INSERT, SCALARS_VERSION, scalarValues } from './scalars'
import { toStep } from './steps'
import type { Store } from './store'
import { readConfiguration, writeConfiguration } from './stored-configuration'
import { readJson, textRows } from './text-rows'

/** Rows that are read at once. */
const AT_ONCE = 256

export type Checked = Omit<Manifest, 'configuration'> & {
  readonly configuration: Configuration
  /** As it came. */
  readonly told: unknown
}
type CheckedBundle = Checked & {
  /** Those that the bundle has. */
  readonly columns: BundleColumns
}

/**
 * Takes the bundle of a run that was trained elsewhere for this store: its records and checkpoints stand in the place of those that the run has here,
 * all of them or none. Its name, words and signs, and its configuration, stay.
 *
 * @throws UserError as `readBundle`; also where the bundle is of another run.
 */
export function bringHome(
  store: Store,
  checkpoints: Checkpoints,
  file: string,
  run: number,
  unitsOf: (configuration: Configuration) => readonly Unit[],
): void {
  readInto(store, checkpoints, file, unitsOf, (told) => {
    const own = store.runs.configuration(run)
    const numbers = ({ execution: _, preset: _preset, ...deciding }: Configuration): string => JSON.stringify(deciding)
    if (numbers(told.configuration) !== numbers(own)) throw refusal(file, `it is not of run ${run}: its settings are others`)
    for (const table of DERIVED_AND_RECORDS) store.change(`DELETE FROM ${table} WHERE run = ?`, [run])
    store.runs.update(run, { units: told.units, parameters: told.parameters, device: told.device, versions: told.versions })
    const { steps, stepsPerEpoch, startedAt, endedAt } = told
    store.runs.update(run, { steps, stepsPerEpoch, startedAt, endedAt })
    return run
  })
}

/**
 * Takes a bundle in as a new run: all of it, or nothing. The file is somebody else's: it is looked through before any of it is used, and opened
 * by itself, so that nothing in it can act on the store.
 *
 * @param unitsOf The units of a run's network. Throws where this program cannot make it.
 * @returns the new run's number.
 * @throws UserError where the file is no bundle, is damaged or of another version.
 */
export function readBundle(
  store: Store,
  checkpoints: Checkpoints,
  file: string,
  unitsOf: (configuration: Configuration) => readonly Unit[],
): number {
  return readInto(store, checkpoints, file, unitsOf, (told) => insertRun(store, told))
}

/** @param place Makes the run that the records are put into. */
function readInto(
  store: Store,
  checkpoints: Checkpoints,
  file: string,
  unitsOf: (configuration: Configuration) => readonly Unit[],
  place: (told: Checked) => number,
): number {
  checkHeader(file)
  let bundle: Connection | undefined
  let folder: string | undefined
  try {
    const opened = (bundle = reading(file, () => new Connection(file, { isUnchanging: true })))
    const manifest = reading(file, () => check(opened, unitsOf))
    return store.transaction(() => {
      const run = place(manifest)
      insertRecords(store, opened, run, manifest)
      folder = checkpoints.of(run).folder
      // Of a run that never came to be.
      rmSync(folder, { recursive: true, force: true })
      writeCheckpoints(opened, folder, manifest.configuration.origin ? checkRecordedWeights : checkCheckpoint)
      return run
    })
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    throw error
  } finally {
    bundle?.close()
  }
}

/** Reads from the bundle; whatever goes wrong with it is a matter of the file. */
function reading<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (isUserError(error) && !(error instanceof StoreFailure)) throw error
    throw refusal(file, 'this is no bundle of a run, or it is damaged')
  }
}

/** Checks form and content, the cheapest and the most telling first. */
function check(bundle: Connection, unitsOf: (configuration: Configuration) => readonly Unit[]): CheckedBundle {
  bundle.execute('PRAGMA trusted_schema = OFF')
  const columns = checkTables(bundle)
  const told = readJson(manifestText(bundle))
  if (typeof told !== 'object' || told === null) throw refusal(bundle.file, 'its manifest is no JSON object, or nests too deep')
  const manifest = checkManifest(bundle.file, told)
  const { configuration, units: named } = manifest
  if (!configuration.origin) checkUnits(bundle.file, named, unitsOf(configuration))
  const parameters = configuration.origin ? (manifest.parameters ?? 0) : inspectNetwork(configuration.network).parameters
  checkRecords(bundle, named.length, checkpointBound(parameters, named.length), columns, configuration.origin !== undefined)
  if (hasTable(bundle, 'spectra')) {
    if (configuration.origin) throw refusal(bundle.file, 'a run that was trained elsewhere has no looks at its layers')
    checkSpectra(bundle, LIVE_VALUES * liveLayers(expand(configuration.network), configuration.training.spectra.layers).length)
  }
  if (textRows(bundle, { text: 'text', at: 'at' }, 'FROM annotations').some(({ broken }) => broken.length > 0))
    throw refusal(bundle.file, 'an annotation is no UTF-8 text')
  return { ...manifest, columns }
}

/** @throws UserError where what is told of a run is not of the form. @param place What says it. */
export function checkManifest(place: string, told: unknown): Checked {
  const parsed = Manifest.safeParse(told)
  if (!parsed.success) {
    const { path, message } = complaintOf(parsed.error)
    throw refusal(place, `${path.map(String).join('.') || 'its manifest'}: ${message}`)
  }
  const { configuration, problems } = readConfiguration(parsed.data.configuration)
  if (problems[0] !== undefined)
    throw refusal(place, problems[0].startsWith('the configuration') ? problems[0] : `configuration.${problems[0]}`)
  return { ...parsed.data, configuration, told: parsed.data.configuration }
}

/** @throws UserError where the units are not those of the network. */
function checkUnits(place: string, named: readonly Unit[], units: readonly Unit[]): void {
  if (units.length !== named.length || named.some(({ name, kind }, i) => units[i]!.name !== name || units[i]!.kind !== kind))
    throw refusal(place, 'the units on record are not those of its network')
}

/** Makes the run’s row. @returns its number. */
export function insertRun(store: Store, { configuration: c, ...told }: Checked): number {
  const name = told.name.trim() || c.network.name.trim().slice(0, LONGEST_NAME) || 'imported'
  const nameless = `${NO_NAME}; it is called ${name} after its network`
  const now = { step: 0, at: new Date().toISOString(), message: nameless }
  const notices = told.name.trim() === '' ? [...told.notices, now] : told.notices
  const isOver = !['running', 'paused', 'queued'].includes(told.state)
  // With the usual values beside it, what was trained elsewhere would tell settings that nobody knows.
  const configuration = c.origin ? JSON.stringify(told.told) : writeConfiguration(c)
  return store.change(
    `INSERT INTO runs (id, name, state, problem, configuration, preset, network, dataset, seed, units, parameters, device, versions,
       steps, steps_per_epoch, created_at, started_at, ended_at, notices, tags, note, scalars_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      newNumber(store),
      ...[name, isOver ? told.state : 'interrupted', told.problem && JSON.stringify(told.problem), configuration],
      ...[c.preset ?? null, c.network.name, c.data.name, c.seed, JSON.stringify(told.units), told.parameters, told.device],
      ...[JSON.stringify(told.versions), told.steps, told.stepsPerEpoch, told.createdAt, told.startedAt, told.endedAt],
      ...[JSON.stringify(notices), JSON.stringify(told.tags), told.note, SCALARS_VERSION],
    ],
  )
}

/** The records as they are; what is derived from the steps is derived here, as nobody else's word is needed for it. */
function insertRecords(store: Store, bundle: Connection, run: number, { units, columns, configuration }: CheckedBundle): void {
  const at = new Map<number, number | null>()
  for (const row of pages(bundle, 'scalars', ['step', 'at'])) at.set(row.step as number, row.at as number | null)
  const insertSteps = insertion('steps', columns.steps)
  for (const row of pages(bundle, 'steps', columns.steps)) {
    const step = toStep(row)
    store.change(insertSteps, [run, ...columns.steps.map((column) => bound(row[column]))])
    store.change(SCALARS_INSERT, [run, ...scalarValues(step, units, at.get(step.step) ?? null)])
  }
  const insertEpochs = insertion('epochs', columns.epochs)
  for (const row of pages(bundle, 'epochs', columns.epochs))
    store.change(insertEpochs, [run, ...columns.epochs.map((column) => bound(row[column]))])
  // A recorder leaves to the lab what follows from the steps.
  if (configuration.origin) summariseEpochs(store, run, units.length)
  deriveEpochs(store, run)
  if (hasTable(bundle, 'spectra'))
    for (const row of pages(bundle, 'spectra', MORE_RECORDS.spectra))
      store.change(insertion('spectra'), [run, ...MORE_RECORDS.spectra.map((column) => bound(row[column]))])
  const noted = { step: 'step', unit: 'unit', text: 'text', at: 'at' }
  for (const row of textRows(bundle, noted, 'FROM annotations'))
    store.change(insertion('annotations'), [run, ...RECORDS.annotations.map((column) => row[column])])
}

const ALL_RECORDS = { ...RECORDS, ...MORE_RECORDS }
/** What a run has beside its row, but for its reader's words. */
const DERIVED_AND_RECORDS = ['scalars', 'packed_curves', 'steps', 'epochs', 'spectra']
const insertion = (table: keyof typeof ALL_RECORDS, columns: readonly string[] = ALL_RECORDS[table]): string =>
  `INSERT INTO ${table} (run, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`

/** As the binding takes it: bytes as a buffer. */
const bound = (value: unknown): unknown => (value instanceof ArrayBuffer ? Buffer.from(value) : value)

/** A table's rows, a few at a time. */
function* pages(bundle: Connection, table: string, columns: readonly string[]): Generator<Record<string, unknown>> {
  const named = ['rowid AS place', ...columns.map((column) => `${column} AS ${column}`)]
  const sql = `SELECT ${named.join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${AT_ONCE}`
  for (let last = 0; ;) {
    const part = reading(bundle.file, () => bundle.query(sql, [last]) as Record<string, unknown>[])
    yield* part
    const next = part[part.length - 1]?.place as number | undefined
    if (next === undefined || next <= last) return
    last = next
  }
}

/** The most bytes that a checkpoint can take: parameters, two moments and statistics, the names and the progress with values of each unit. */
const checkpointBound = (parameters: number, units: number): number => 32 * parameters + 10_000 * units + 10e6

const PIECE_BYTES = 64 * 2 ** 20

/** A checkpoint's bytes piece by piece. */
function* blobPieces(bundle: Connection, place: number): Generator<Uint8Array> {
  const sql = 'SELECT substr(data, ?, ?) AS piece FROM checkpoints WHERE rowid = ?'
  for (let start = 1; ; start += PIECE_BYTES) {
    const [row] = reading(bundle.file, () => bundle.query(sql, [start, PIECE_BYTES, place])) as { piece: ArrayBuffer }[]
    if (row!.piece.byteLength > 0) yield new Uint8Array(row!.piece)
    if (row!.piece.byteLength < PIECE_BYTES) return
  }
}

/** @param checkFile Throws where what was written is not what it should be. */
function writeCheckpoints(bundle: Connection, folder: string, checkFile: (file: string) => void): void {
  for (const { place, step } of pages(bundle, 'checkpoints', ['step'])) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const to = checkpointFile(folder, step as number)
    writeFile(
      to,
      (write) => {
        for (const piece of blobPieces(bundle, place as number)) write(piece)
      },
      OWNERS,
    )
    try {
      checkFile(to)
    } catch (error) {
      if (!isUserError(error)) throw error
      throw refusal(bundle.file, `the table of checkpoints, row ${String(place)}: ${error.problem}`)
    }
  }
}
