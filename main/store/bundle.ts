import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import Database from 'libsql'
import { z } from 'zod'
import { Configuration } from '../../shared/configuration'
import { UserError, isUserError } from '../../shared/errors'
import { plainWords } from '../../shared/plain-words'
import { RunNotice, RunState, Unit } from '../../shared/records'
import { notWritten, writeFile, writeFileBy } from '../files/write-file'
import { type Checkpoints, checkpointFile } from './checkpoints'
import { StoreFailure } from './failures'
import type { Store } from './store'

/**
 * A run as one file, to be carried to another machine: an SQLite database with the run's row, its records, annotations and
 * checkpoints, in the store's own form, so that nothing is rounded or left out.
 */

/** `NLrb`, in the file's header. */
const APPLICATION_ID = 0x4e4c7262
export const BUNDLE_VERSION = 1
/** A checkpoint beyond this stays behind; SQLite's own limit of a value is near. */
const MOST_CHECKPOINT_BYTES = 900e6

const RECORDS = {
  steps: 'step, epoch, loss, accuracy, rate, ms, norms, gradient_norm, activations, weights, updates',
  epochs:
    'epoch, first_step, last_step, train_loss, train_accuracy, tested, test_loss, test_accuracy, seconds, ratio_mean, ratio_min, ratio_max',
  scalars: 'step, epoch, loss, accuracy, rate, ms, at, gradient_norm, chain, covering_c, deviation, low, high',
  annotations: 'step, unit, text, at',
} as const

/** The run's row as a bundle tells it. */
const Manifest = z.object({
  version: z.literal(BUNDLE_VERSION, `must be ${BUNDLE_VERSION}: this bundle is of another version of NormLab`),
  name: z.string().min(1).max(200),
  state: RunState,
  problem: z.object({ message: z.string(), step: z.number().optional(), unit: z.string().optional() }).nullable(),
  configuration: Configuration,
  units: z.array(Unit).max(1_000_000),
  parameters: z.number().int().min(0).nullable(),
  device: z.string().max(500).nullable(),
  versions: z.record(z.string(), z.string()),
  steps: z.number().int().min(0),
  stepsPerEpoch: z.number().int().min(0),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  notices: z.array(RunNotice),
  tags: z.array(z.string().max(60)).max(1000),
  note: z.string().max(100_000),
  /** SHA-256 of the first images and labels of the data that it was trained on. */
  dataHash: z.string(),
})

/** @returns the number of steps written. @throws UserError where the file cannot be written. */
export function writeBundle(store: Store, checkpoints: Checkpoints, run: number, out: string, dataHash: string): number {
  const { id: _, ...row } = store.runs.get(run)
  const manifest = { version: BUNDLE_VERSION, ...row, configuration: store.runs.configuration(run), dataHash }
  writeFileBy(out, (aside) => {
    try {
      store.attached(aside, 'bundle', () => {
        store.execute(`PRAGMA bundle.application_id = ${APPLICATION_ID}`)
        store.transaction(() => {
          store.execute('CREATE TABLE bundle.manifest (json TEXT NOT NULL)')
          store.change('INSERT INTO bundle.manifest VALUES (?)', [JSON.stringify(manifest)])
          for (const [table, columns] of Object.entries(RECORDS))
            store.execute(`CREATE TABLE bundle.${table} AS SELECT ${columns} FROM main.${table} WHERE run = ${run}`)
          store.execute('CREATE TABLE bundle.checkpoints (step INTEGER NOT NULL, data BLOB NOT NULL)')
          for (const { step, file } of checkpoints.of(run).files)
            if (statSync(file).size <= MOST_CHECKPOINT_BYTES)
              store.change('INSERT INTO bundle.checkpoints VALUES (?, ?)', [step, readFileSync(file)])
        })
      })
    } catch (error) {
      // SQLite does not say which of its two files it could not write to; the store itself is only read here.
      if (error instanceof StoreFailure && error.code?.startsWith('SQLITE_FULL')) throw notWritten(out, { code: 'ENOSPC' })
      if (error instanceof StoreFailure && error.code?.startsWith('SQLITE_IOERR')) throw notWritten(out, { code: 'EIO' })
      throw error
    } finally {
      rmSync(`${aside}-journal`, { force: true })
    }
  })
  return (store.query('SELECT count(*) AS count FROM scalars WHERE run = ?', [run])[0] as { count: number }).count
}

/**
 * Takes a bundle in as a new run. The file is somebody else's: it is looked through before any of it is used.
 *
 * @param checkConfiguration Throws where this program cannot make the run's network.
 * @returns the new run's number.
 * @throws UserError where the file is no bundle, is damaged or of another version.
 */
export function readBundle(
  store: Store,
  checkpoints: Checkpoints,
  file: string,
  checkConfiguration: (configuration: Configuration) => readonly Unit[],
): number {
  const manifest = inspectBundle(file, checkConfiguration)
  let created: number | undefined
  try {
    return store.attached(file, 'bundle', () => {
      const run = store.transaction(() => {
        const { configuration: c, ...told } = manifest
        const state = told.state === 'running' || told.state === 'paused' || told.state === 'queued' ? 'interrupted' : told.state
        const id = store.change(
          `INSERT INTO runs (name, state, problem, configuration, preset, network, dataset, seed, units, parameters, device, versions,
             steps, steps_per_epoch, created_at, started_at, ended_at, notices, tags, note)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            ...[told.name, state, told.problem && JSON.stringify(told.problem), JSON.stringify(c), c.preset ?? null],
            ...[c.network.name, c.data.name, c.seed, JSON.stringify(told.units), told.parameters, told.device],
            ...[JSON.stringify(told.versions), told.steps, told.stepsPerEpoch, told.createdAt, told.startedAt, told.endedAt],
            ...[JSON.stringify(told.notices), JSON.stringify(told.tags), told.note],
          ],
        )
        for (const [table, columns] of Object.entries(RECORDS))
          store.change(`INSERT INTO main.${table} (run, ${columns}) SELECT ?, ${columns} FROM bundle.${table}`, [id])
        return id
      })
      created = run
      const { folder } = checkpoints.of(run)
      for (const row of store.query('SELECT step FROM bundle.checkpoints') as { step: number }[]) {
        const [found] = store.query('SELECT data FROM bundle.checkpoints WHERE step = ?', [row.step]) as { data: ArrayBuffer }[]
        mkdirSync(folder, { recursive: true })
        writeFile(checkpointFile(folder, row.step), new Uint8Array(found!.data))
      }
      return run
    })
  } catch (error) {
    if (created !== undefined) {
      store.runs.purge(created)
      checkpoints.delete(created)
    }
    throw error
  }
}

/** Opens the file by itself, trusting nothing in it, and checks form and content. */
function inspectBundle(
  file: string,
  checkConfiguration: (configuration: Configuration) => readonly Unit[],
): z.output<typeof Manifest> {
  const refuse = (what: string): UserError =>
    new UserError(what, { place: file, remedy: 'use a file that “export as a bundle” wrote' })
  if (!existsSync(file)) throw new UserError('there is no such file', { place: file })
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true })
    database.exec('PRAGMA trusted_schema = OFF')
    const value = (sql: string): unknown => Object.values(database!.prepare(sql).all()[0] as object)[0]
    if (value('PRAGMA application_id') !== APPLICATION_ID) throw refuse('this is no bundle of a run')
    const names = (database.prepare('SELECT type, name FROM sqlite_master').all() as { type: string; name: string }[])
      .map(({ type, name }) => `${type} ${name}`)
      .sort()
    const expected = ['manifest', 'checkpoints', ...Object.keys(RECORDS)].map((name) => `table ${name}`).sort()
    if (JSON.stringify(names) !== JSON.stringify(expected)) throw refuse('the bundle’s tables are not those of a run')
    if (value('PRAGMA quick_check') !== 'ok') throw refuse('the bundle is damaged')
    const parsed = Manifest.safeParse(JSON.parse(value('SELECT json FROM manifest') as string))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      throw refuse(`${issue.path.join('.')}: ${plainWords(issue.message)}`)
    }
    const units = checkConfiguration(parsed.data.configuration)
    const count = parsed.data.units.length
    if (
      parsed.data.units.some(({ name, kind }, i) => units[i]?.name !== name || units[i].kind !== kind) ||
      units.length !== count
    )
      throw refuse('the units on record are not those of its network')
    checkRecords(value, count, refuse)
    return parsed.data
  } catch (error) {
    if (isUserError(error)) throw error
    throw refuse('this is no bundle of a run, or it is damaged')
  } finally {
    database?.close()
  }
}

/** Every blob has the length that the run's units ask for, every step and epoch a number of its own. */
function checkRecords(value: (sql: string) => unknown, units: number, refuse: (what: string) => UserError): void {
  const blob = (column: string, length: number, or = '0'): string =>
    `(typeof(${column}) <> 'blob' OR length(${column}) NOT IN (${or}, ${length}))`
  const optional = (column: string, length: number): string => `(${column} IS NOT NULL AND ${blob(column, length)})`
  const wrong = [
    `SELECT count(*) FROM steps WHERE ${blob('norms', 4 * (units + 1))} OR ${optional('activations', 4 * (units + 1))}
       OR ${optional('weights', 4 * units)} OR ${optional('updates', 4 * units)} OR typeof(step) <> 'integer' OR typeof(epoch) <> 'integer'`,
    `SELECT count(*) FROM epochs WHERE ${['mean', 'min', 'max'].map((name) => blob(`ratio_${name}`, 4 * units)).join(' OR ')}
       OR typeof(epoch) <> 'integer'`,
    'SELECT (SELECT count(*) FROM steps) - (SELECT count(DISTINCT step) FROM steps)',
    'SELECT (SELECT count(*) FROM epochs) - (SELECT count(DISTINCT epoch) FROM epochs)',
    'SELECT (SELECT count(*) FROM scalars) - (SELECT count(*) FROM steps JOIN scalars USING (step))',
    `SELECT count(*) FROM checkpoints WHERE typeof(data) <> 'blob' OR typeof(step) <> 'integer' OR step < 0`,
    `SELECT count(*) FROM annotations WHERE length(text) > 2000 OR (unit IS NOT NULL AND unit NOT BETWEEN 0 AND ${units - 1})`,
  ]
  if (wrong.some((sql) => value(sql) !== 0)) throw refuse('the bundle’s records do not fit its network')
}
