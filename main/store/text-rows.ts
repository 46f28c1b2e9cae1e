import type { Connection } from './connection'

/**
 * Rows with text in them, read so that nothing which a damaged or a foreign file may hold ends the program: the binding aborts the process on
 * text that is no UTF-8, and SQLite's own functions refuse the whole answer for one bad value. So each row comes as the bytes of one JSON array.
 */

export type TextRow<C extends string> = Readonly<Record<C, unknown>> & {
  /** Columns whose text is no UTF-8; what could not be read of it is U+FFFD. */
  readonly broken: readonly C[]
}

/**
 * @param columns SQL of each column, by the name that it has in the row. Whole numbers come as they are, others with 15 digits, texts as texts; a blob as the text of its bytes.
 * @param rest All after SELECT and the columns: `FROM runs WHERE …`.
 */
export function textRows<C extends string>(
  connection: Connection,
  columns: Readonly<Record<C, string>>,
  rest: string,
  values: readonly unknown[] = [],
): TextRow<C>[] {
  const names = Object.keys(columns) as C[]
  // JSON has no place for a blob.
  const cells = names.map((name) => `iif(typeof(${columns[name]}) = 'blob', CAST(${columns[name]} AS TEXT), ${columns[name]})`)
  const sql = `SELECT CAST(json_array(${cells.join(', ')}) AS BLOB) AS row ${rest}`
  return (connection.query(sql, values) as { row: ArrayBuffer }[]).map(({ row }) => fromBytes(names, Buffer.from(row)))
}

function fromBytes<C extends string>(names: readonly C[], bytes: Buffer): TextRow<C> {
  const text = bytes.toString('utf8')
  const cells = JSON.parse(text) as unknown[]
  const isWhole = !text.includes('\ufffd') || Buffer.from(text).equals(bytes)
  const row = Object.fromEntries(names.map((name, i) => [name, cells[i]])) as Record<C, unknown>
  const broken = isWhole ? [] : names.filter((name) => String(row[name]).includes('\ufffd'))
  return { ...row, broken }
}

/**
 * A column of numbers: NULL where a damaged file has something else there, which the binding could not take. Whoever orders by it names its table
 * (`ORDER BY steps.step`): the bare name is this expression, which no index has, and all rows would be read and sorted for one.
 */
export const numeric = (column: string): string => `iif(typeof(${column}) IN ('real', 'integer'), ${column}, NULL) AS ${column}`

/** A column of bytes, likewise. */
export const bytes = (column: string): string => `iif(typeof(${column}) = 'blob', ${column}, NULL) AS ${column}`

/** The floats that a blob holds; none where its length is not one of floats. */
export function floats(blob: unknown): Float32Array {
  return blob instanceof ArrayBuffer && blob.byteLength % 4 === 0 ? new Float32Array(blob) : new Float32Array()
}

const HUGE = /\d[eE]\+?\d{3}/
const finite = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? null : value)

/** What a text says as JSON; undefined where it is none. */
export function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    // A number beyond all that can be written here: no record of ours has one.
    return HUGE.test(text) ? JSON.parse(text, finite) : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}
