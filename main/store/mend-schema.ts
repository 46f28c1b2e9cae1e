import { isUserError } from '../../shared/errors'
import { Connection } from './connection'
import { migrations } from './migrations'
import { textRows } from './text-rows'

interface Entry {
  readonly name: string
  readonly sql: string
  readonly root: number
}

/**
 * Gives the tables of a damaged store the definitions that NormLab made them with, where theirs cannot be read or name columns that are not
 * ours: the rows lie in their own pages and are whole. What is read afterwards needs a connection of its own.
 *
 * @param source With `writable_schema` on.
 * @param version The store's, as far as it is known.
 * @returns whether anything was changed.
 */
export function mendSchema(source: Connection, version: number): boolean {
  const model = new Connection(':memory:')
  try {
    for (const script of migrations.slice(0, version)) model.execute(script)
    const found = entriesOf(source)
    let isChanged = false
    for (const wanted of entriesOf(model)) {
      // The name may be what is damaged.
      const own = found.find(({ name }) => name === wanted.name) ?? found.find(({ sql }) => sql === wanted.sql)
      if (!own || own.root < 1 || isUsable(source, own.name, model, wanted.name)) continue
      source.change('UPDATE sqlite_schema SET name = ?, tbl_name = ?, sql = ? WHERE rootpage = ?', [
        ...[wanted.name, wanted.name, wanted.sql, own.root],
      ])
      isChanged = true
    }
    return isChanged
  } finally {
    model.close()
  }
}

/** The tables; `scalars` is derived, and its columns are those of the measures. */
function entriesOf(connection: Connection): Entry[] {
  const rows = textRows(connection, { name: 'name', sql: 'sql', root: 'rootpage', type: 'type' }, 'FROM sqlite_schema')
  return rows.flatMap(({ name, sql, root, type }) =>
    type === 'index' || name === 'scalars' || String(name).startsWith('sqlite_')
      ? []
      : [{ name: String(name), sql: String(sql), root: Number(root) }],
  )
}

/**
 * Whether a table can be read by its own definition: it has our columns, or another number of columns than ours, so that another program
 * has made it anew and its rows are of that form.
 */
function isUsable(source: Connection, name: string, model: Connection, wanted: string): boolean {
  const [own, ours] = [columnsOf(source, name), columnsOf(model, wanted)]
  if (own.length === 0) return false
  return name === wanted && (own.length !== ours.length || own.join() === ours.join())
}

/** Names and kinds of the columns; none where the definition cannot be read. */
function columnsOf(connection: Connection, table: string): string[] {
  try {
    const rows = textRows(connection, { name: 'name', hidden: 'hidden' }, 'FROM pragma_table_xinfo(?)', [table])
    return rows.map(({ name, hidden }) => `${String(name)} ${String(hidden)}`)
  } catch (error) {
    if (isUserError(error) || error instanceof SyntaxError) return []
    throw error
  }
}
