import { isUserError } from '../../shared/errors'
import { type Connection } from './connection'
import { textRows } from './text-rows'

/** Reads what is left of a damaged SQLite file, around the places where nothing can be read. */

/** Rows of one question; where it fails, they are asked for one by one. */
const AT_ONCE = 64
/** Damaged places in a table beyond which no more is looked for. */
const MOST_GAPS = 200
/** A text or blob beyond this is no record of ours, bytes. */
const MOST_BYTES = 64e6

/** A row's values by column. Texts that are no UTF-8 have U+FFFD in them; what is of no use is null. */
export type Salvaged = Readonly<Record<string, unknown>>

/**
 * @param exact Columns of numbers that are no whole ones, which JSON would round, and of bytes.
 * @param lose Hears, once at most, that rows of the table are lost.
 */
export function* salvaged(
  source: Connection,
  table: string,
  texts: readonly string[],
  exact: readonly string[],
  lose: (what: string) => void,
): Generator<Salvaged> {
  const there = attempt(() => columnsOf(source, table)) ?? new Set<string>()
  if (there.size === 0) return lose(`the table of ${table} cannot be read`)
  const column = (name: string, kinds: string): string =>
    there.has(name) ? `iif(typeof(${name}) IN (${kinds}) AND length(${name}) <= ${MOST_BYTES}, ${name}, NULL)` : 'NULL'
  const read = (rest: string, values: number[]): Salvaged[] => {
    const columns = Object.fromEntries(texts.map((name) => [name, column(name, "'text', 'integer', 'real'")]))
    const rows: Record<string, unknown>[] = textRows(source, { place: 'rowid', ...columns }, `FROM ${table} ${rest}`, values)
    if (exact.length === 0) return rows
    const named = exact.map((name) => `${column(name, "'blob', 'integer', 'real'")} AS ${name}`).join(', ')
    return rows.map((row) => ({
      ...row,
      ...(source.first(`SELECT ${named} FROM ${table} WHERE rowid = ?`, [row.place]) as object),
    }))
  }
  let isWhole = true
  let [gaps, last] = [0, 0]
  while (gaps < MOST_GAPS) {
    const part =
      attempt(() => read(`WHERE rowid > ? ORDER BY rowid LIMIT ${AT_ONCE}`, [last])) ??
      attempt(() => read('WHERE rowid > ? ORDER BY rowid LIMIT 1', [last]))
    if (part) {
      yield* part
      const next = part[part.length - 1]?.place
      // The end; or a tree that leads round in a circle.
      if (!Number.isSafeInteger(next) || (next as number) <= last) break
      last = next as number
      continue
    }
    isWhole = false
    gaps++
    const behind = beyond(last, (place) => attempt(() => read('WHERE rowid >= ? ORDER BY rowid LIMIT 1', [place]))?.[0]?.place)
    if (behind === undefined) break
    last = behind - 1
  }
  if (!isWhole) lose(`some of the table of ${table} cannot be read`)
}

/** The first place behind a damage at which there is something, found in growing strides. */
function beyond(last: number, at: (place: number) => unknown): number | undefined {
  for (let stride = 1; stride < 2 ** 40; stride *= 2) {
    const place = at(last + 1 + stride)
    if (Number.isSafeInteger(place) && (place as number) > last) return place as number
  }
  return undefined
}

/** The columns that hold what was written to them. */
function columnsOf(source: Connection, table: string): Set<string> {
  const rows = textRows(source, { name: 'name', hidden: 'hidden' }, `FROM pragma_table_xinfo('${table}')`)
  return new Set(rows.flatMap(({ name, hidden }) => (hidden === 0 ? [String(name)] : [])))
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isUserError(error) || error instanceof SyntaxError) return undefined
    throw error
  }
}
