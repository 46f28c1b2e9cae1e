import { Connection } from './connection'
import { DamagedStore } from './failures'
import { migrations } from './migrations'
import { textRows } from './text-rows'

/** What a store's file must hold: the tables that the migrations made, and nothing that acts by itself. */

type Structure = ReadonlyMap<string, string>

/** For each version, once. */
const wanted = new Map<number, Structure>()

/** @throws DamagedStore where a table or a column is missing or other, or there is a trigger, a view or a computed column. */
export function checkStructure(store: Connection, version: number): void {
  const rows = textRows(
    store,
    { type: 'type', name: 'name' },
    `FROM sqlite_schema WHERE type <> 'table' AND type <> 'index' LIMIT 1`,
  )
  const complain = (what: string): never => {
    throw new DamagedStore(`the store was changed by another program: ${what}`, store.file)
  }
  if (rows[0]) complain(`it has a ${String(rows[0].type)} "${String(rows[0].name).slice(0, 100)}"`)
  const found = structureOf(store)
  if (version < 0 || (version === 0 && found.size > 0)) throw new DamagedStore('this file is not a NormLab database', store.file)
  for (const [table, columns] of wantedOf(version)) {
    const has = found.get(table)
    if (has === undefined) complain(`it has no table "${table}"`)
    if (has !== columns && !(table === 'scalars' && isWidened(has!, columns)))
      complain(`the columns of its table "${table}" are not those that NormLab made`)
  }
}

/** `scalars` has a column for each measure beside those of its migration; see scalars.ts. */
function isWidened(has: string, columns: string): boolean {
  return has.startsWith(columns) && /^(\["[a-z_]+","REAL","?0"?,"?0"?,"?0"?\])*$/.test(has.slice(columns.length))
}

function wantedOf(version: number): Structure {
  let structure = wanted.get(version)
  if (!structure) {
    const model = new Connection(':memory:')
    for (const script of migrations.slice(0, version)) model.execute(script)
    structure = structureOf(model)
    model.close()
    // Derived; the first stores of version 3 had none.
    if (version < 5) (structure as Map<string, string>).delete('packed_curves')
    wanted.set(version, structure)
  }
  return structure
}

/** Each table's columns with all that is said of them, as one text. */
function structureOf(connection: Connection): Structure {
  const columns = { table: 'm.name', column: 'c.name', type: 'c.type', notNull: 'c."notnull"', key: 'c.pk', hidden: 'c.hidden' }
  const rest = `FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`
  const structure = new Map<string, string>()
  for (const { table, broken: _, ...told } of textRows(connection, columns, rest)) {
    const name = String(table)
    structure.set(name, `${structure.get(name) ?? ''}${JSON.stringify(Object.values(told))}`)
  }
  return structure
}
