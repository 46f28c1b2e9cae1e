import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { UserError } from '../../shared/errors'
import { reasonOf } from '../files/reasons'
import { APPLICATION_ID, type BundleColumns, FORMS, MORE_RECORDS, TABLES } from './bundle-format'
import type { Connection } from './connection'
import { textRows } from './text-rows'

/**
 * What a bundle must be before anything of it is used: it is somebody else's file, and an SQLite database can hold programs (views, triggers,
 * columns that are computed), values beyond any size and texts that end whoever reads them.
 */

/** Manifests of the largest networks take some megabytes. */
const MOST_MANIFEST_BYTES = 20e6

export function refusal(file: string, what: string): UserError {
  return new UserError(what, { place: file, remedy: 'use a file that normlab runs export RUN --format bundle wrote' })
}

/** Looks at the first bytes, before SQLite does. @throws UserError where they are not those of a bundle. */
export function checkHeader(file: string): void {
  const header = Buffer.alloc(100)
  try {
    // A pipe or a device may never answer.
    if (!statSync(file).isFile()) throw refusal(file, 'this is no file')
    const descriptor = openSync(file, 'r')
    try {
      readSync(descriptor, header, 0, header.length, 0)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UserError('there is no such file', { place: file })
    if (code !== undefined) throw new UserError(`it cannot be read: ${reasonOf({ code })}`, { place: file })
    throw error
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0' || header.readUInt32BE(68) !== APPLICATION_ID)
    throw refusal(file, 'this is no bundle of a run')
  // Neither a log beside it nor another encoding of text is ever written.
  if (header[18] !== 1 || header[19] !== 1 || header.readUInt32BE(56) !== 1)
    throw refusal(file, 'this is no bundle of a run, or it is damaged')
}

/**
 * @returns the columns that the bundle has of the tables that its version decides.
 * @throws UserError where there is anything but the plain tables of a bundle, or their pages do not hang together.
 */
export function checkTables(bundle: Connection): BundleColumns {
  const rows = textRows(bundle, { type: 'type', name: 'name', sql: 'sql' }, 'FROM sqlite_schema LIMIT 20')
  const names = rows.map(({ type, name }) => `${String(type)} ${String(name)}`).sort()
  const expected = Object.keys(TABLES)
    .map((name) => `table ${name}`)
    .filter((entry) => names.includes(entry) || !Object.keys(MORE_RECORDS).some((name) => entry === `table ${name}`))
  const formOf = (table: keyof typeof FORMS): readonly string[] | undefined =>
    FORMS[table].find((columns) => rows.some(({ name, sql }) => name === table && isPlain(table, columns, sql)))
  const [steps, epochs] = [formOf('steps'), formOf('epochs')]
  const isRest = rows.every(({ name, sql }) => (name as string) in FORMS || isPlain(name as string, TABLES[name as string], sql))
  if (JSON.stringify(names) !== JSON.stringify(expected.sort()) || !steps || !epochs || !isRest)
    throw refusal(bundle.file, 'the bundle’s tables are not those of a run')
  const [check] = bundle.query('SELECT CAST(quick_check AS BLOB) AS said FROM pragma_quick_check(1)') as { said: ArrayBuffer }[]
  if (Buffer.from(check!.said).toString() !== 'ok') throw refusal(bundle.file, 'the bundle is damaged')
  return { steps, epochs }
}

/** A table with these columns and nothing else: no default, no constraint, nothing computed. */
function isPlain(name: string, columns: readonly string[] | undefined, sql: unknown): boolean {
  if (!columns) return false
  const column = (word: string): string => `"?${word}"?( (INT|INTEGER|REAL|NUM|TEXT|BLOB))?( NOT NULL)?`
  const form = new RegExp(`^CREATE TABLE "?${name}"? ?\\( ?${columns.map(column).join(' ?, ?')} ?\\)$`)
  return typeof sql === 'string' && form.test(sql.replace(/\s+/g, ' '))
}

/** Whether it has one of the tables that not every bundle has. */
export function hasTable(bundle: Connection, name: keyof typeof MORE_RECORDS): boolean {
  return bundle.query('SELECT 1 AS there FROM sqlite_schema WHERE name = ?', [name]).length > 0
}

/** The manifest's text. @throws UserError where there is not one, or it is too long. */
export function manifestText(bundle: Connection): string {
  const sql = `SELECT count(*) AS count, max(length(CAST(json AS BLOB))) AS bytes, min(typeof(json) = 'text') AS isText FROM manifest`
  const { count, bytes, isText } = bundle.first(sql) as { count: number; bytes: number; isText: number }
  if (count !== 1 || bytes > MOST_MANIFEST_BYTES || isText !== 1)
    throw refusal(bundle.file, 'the bundle has no manifest that fits')
  const [row] = textRows(bundle, { json: 'json' }, 'FROM manifest')
  if (row!.broken.length > 0) throw refusal(bundle.file, 'the bundle’s manifest is no UTF-8 text')
  return row!.json as string
}
