import { readFileSync, rmSync, statSync } from 'node:fs'
import { UserError } from '../../shared/errors'
import { isSystemError, reasonOf } from '../files/reasons'
import { notWritten, writeFileBy } from '../files/write-file'
import { APPLICATION_ID, BUNDLE_VERSION, MORE_RECORDS, RECORDS } from './bundle-format'
import type { Checkpoints } from './checkpoints'
import { Connection } from './connection'
import { StoreFailure } from './failures'
import type { Store } from './store'
import { writeConfiguration } from './stored-configuration'

/**
 * A run as one file, to be carried to another machine: an SQLite database with the run's row, its records, annotations and
 * checkpoints, in the store's own form, so that nothing is rounded or left out. bundle-import.ts takes it in.
 */

/** A checkpoint beyond this stays behind; SQLite's own limit of a value is near. */
export const MOST_CHECKPOINT_BYTES = 900e6

/** @returns the number of steps written. @throws UserError where the file cannot be written. */
export function writeBundle(store: Store, checkpoints: Checkpoints, run: number, out: string, dataHash: string): number {
  const { id: _, unreadable: _unreadable, settings: _settings, origin, ...row } = store.runs.get(run)
  // What was trained elsewhere has no settings but those that it told.
  const configuration = origin
    ? store.runs.storedConfiguration(run)
    : (JSON.parse(writeConfiguration(store.runs.configuration(run))) as unknown)
  const manifest = { version: BUNDLE_VERSION, ...row, configuration, dataHash }
  return writeFileBy(out, (aside) => {
    let bundle: Connection | undefined
    try {
      bundle = new Connection(aside)
      return fill(bundle, store, checkpoints, run, JSON.stringify(manifest))
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error
      // SQLite does not say which of its two files it could not write to; the store itself is only read here.
      if (error.code?.startsWith('SQLITE_FULL')) throw notWritten(out, { code: 'ENOSPC' })
      if (error.code?.startsWith('SQLITE_IOERR')) throw notWritten(out, { code: 'EIO' })
      throw new StoreFailure(error.problem, { ...error.options, place: store.file }, error.code)
    } finally {
      bundle?.close()
      rmSync(`${aside}-journal`, { force: true })
    }
  })
}

function fill(bundle: Connection, store: Store, checkpoints: Checkpoints, run: number, manifest: string): number {
  bundle.execute(`PRAGMA application_id = ${APPLICATION_ID}`)
  bundle.attached(store.uri, 'store', () =>
    bundle.transaction(() => {
      bundle.execute('CREATE TABLE main.manifest (json TEXT NOT NULL)')
      bundle.change('INSERT INTO manifest VALUES (?)', [manifest])
      const more = Object.entries(MORE_RECORDS).filter(([table]) => {
        return (bundle.first(`SELECT count(*) AS count FROM store.${table} WHERE run = ${run}`) as { count: number }).count > 0
      })
      for (const [table, columns] of [...Object.entries(RECORDS), ...more])
        bundle.execute(`CREATE TABLE main.${table} AS SELECT ${columns.join(', ')} FROM store.${table} WHERE run = ${run}`)
      bundle.execute('CREATE TABLE main.checkpoints (step INTEGER NOT NULL, data BLOB NOT NULL)')
      for (const { step, file } of checkpoints.of(run).files) {
        const data = checkpointBytes(file)
        if (data) bundle.change('INSERT INTO checkpoints VALUES (?, ?)', [step, data])
      }
    }),
  )
  return (bundle.first('SELECT count(*) AS count FROM steps') as { count: number }).count
}

/** @returns undefined for one that is too large, or that was pruned since it was listed. @throws UserError where it cannot be read. */
function checkpointBytes(file: string): Buffer | undefined {
  try {
    return statSync(file).size <= MOST_CHECKPOINT_BYTES ? readFileSync(file) : undefined
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code === 'ENOENT') return undefined
    throw new UserError(`the checkpoint cannot be read: ${reasonOf(error)}`, {
      place: file,
      remedy: 'give yourself permission to read it, or remove it',
    })
  }
}
