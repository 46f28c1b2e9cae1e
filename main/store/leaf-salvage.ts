import { Connection } from './connection'
import { type LeafRow, type LeafValue, leafRows } from './leaf-pages'
import { migrations } from './migrations'
import { type Salvaged, salvaged } from './salvage'

interface ColumnForm {
  readonly name: string
  readonly type: string
  readonly isNeeded: boolean
  /** It is the row's number, and not in the record. */
  readonly isNumber: boolean
  /** SQL of its default; null where it has none. */
  readonly usual: string | null
}

/**
 * Tables of single pages: for each that is asked for, a table of all rows in a damaged file that have its columns' form, under the numbers
 * that they have there. Which table a page is of is not written on it; no two of a store's tables have one form.
 */
export class LeafTables {
  private connection: Connection | undefined
  private readonly made = new Set<string>()
  private readonly forms = formsOfTables()

  /**
   * @param damaged The file whose pages are read.
   * @param file Where the rows are gathered.
   */
  constructor(
    private readonly damaged: string,
    private readonly file: string,
  ) {}

  /** A connection in which `table` has what was found of it. */
  of(table: string): Connection {
    this.connection ??= new Connection(this.file)
    if (!this.made.has(table)) this.gather(this.connection, table, this.forms.get(table) ?? [])
    this.made.add(table)
    return this.connection
  }

  close(): void {
    this.connection?.close()
  }

  private gather(connection: Connection, table: string, form: readonly ColumnForm[]): void {
    const kept = form.filter(({ isNumber }) => !isNumber)
    const number = form.find(({ isNumber }) => isNumber)
    // Numbers only have a type: the binding hands over all of them as floats.
    const columns = kept.map(({ name, type, usual }) =>
      [name, /INTEGER|REAL/.test(type) ? type : '', usual === null ? '' : `DEFAULT ${usual}`].join(' '),
    )
    connection.execute(
      `CREATE TABLE ${table} (${[...(number ? [`${number.name} INTEGER PRIMARY KEY`] : []), ...columns].join(', ')})`,
    )
    connection.transaction(() => {
      for (const row of leafRows(this.damaged)) if (isOf(form, row)) put(connection, table, form, row)
    })
  }
}

/** What is left of a store: what SQLite can open of it, if anything, and its single pages. */
export interface Damaged {
  readonly source: Connection | undefined
  readonly leaves: LeafTables
}

/** The rows of a table, through its tree as far as that leads; and where it is damaged those beyond, out of single pages. */
export function* salvagedOrFound(
  { source, leaves }: Damaged,
  table: string,
  texts: readonly string[],
  exact: readonly string[],
  lose: (what: string) => void,
): Generator<Salvaged> {
  const seen = new Set<unknown>()
  let damage = source ? undefined : `the table of ${table} cannot be read`
  if (source)
    for (const row of salvaged(source, table, texts, exact, (what) => (damage = what))) {
      seen.add(row.place)
      yield row
    }
  if (damage === undefined) return
  let found = 0
  for (const row of salvaged(leaves.of(table), table, texts, exact, lose)) {
    if (seen.has(row.place)) continue
    found++
    yield row
  }
  if (source || found > 0)
    lose(found > 0 ? `${damage}; ${found} of its rows ${found === 1 ? 'was' : 'were'} found in single pages` : damage)
}

function put(connection: Connection, table: string, form: readonly ColumnForm[], { rowid, values }: LeafRow): void {
  const given = form.slice(0, values.length).flatMap(({ name, isNumber }, i) => (isNumber ? [] : [{ name, value: values[i]! }]))
  // Text may be no UTF-8, which no binding takes.
  const marks = given.map(({ value }) => (isText(value) ? 'CAST(? AS TEXT)' : '?'))
  connection.change(
    `INSERT OR IGNORE INTO ${table} (rowid, ${given.map(({ name }) => name).join(', ')}) VALUES (?, ${marks.join(', ')})`,
    [rowid, ...given.map(({ value }) => bound(value))],
  )
}

const isText = (value: LeafValue): value is { text: Buffer } => typeof value === 'object' && value !== null && 'text' in value

function bound(value: LeafValue): unknown {
  if (typeof value !== 'object' || value === null) return value
  return 'text' in value ? value.text : value.blob
}

/** Whether a record has a table's columns, or its first ones, the others having been added later. */
function isOf(form: readonly ColumnForm[], { values }: LeafRow): boolean {
  return (
    values.length > 0 &&
    values.length <= form.length &&
    form.every((column, i) => (i < values.length ? fits(column, values[i]!) : !column.isNeeded || column.usual !== null))
  )
}

function fits({ type, isNeeded, isNumber }: ColumnForm, value: LeafValue): boolean {
  if (isNumber) return value === null
  if (value === null) return !isNeeded
  if (typeof value !== 'object') return type === 'INTEGER' ? Number.isInteger(Number(value)) : type === 'REAL'
  return 'text' in value ? type === 'TEXT' : type === 'BLOB'
}

/** Of this version's tables; an older store's have their first columns. */
function formsOfTables(): ReadonlyMap<string, readonly ColumnForm[]> {
  const model = new Connection(':memory:')
  try {
    for (const script of migrations) model.execute(script)
    const sql = `SELECT m.name AS tableName, c.name, c.type, c."notnull" AS needed, c.pk, c.dflt_value AS usual
      FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`
    const rows = model.query(sql) as {
      tableName: string
      name: string
      type: string
      needed: number
      pk: number
      usual: string | null
    }[]
    const forms = new Map<string, ColumnForm[]>()
    for (const { tableName, name, type, needed, pk, usual } of rows) {
      const isAlone = pk === 1 && rows.filter((other) => other.tableName === tableName && other.pk > 0).length === 1
      const isNumber = isAlone && type === 'INTEGER'
      const column = { name, type, isNeeded: needed === 1 || (pk > 0 && !isNumber), isNumber, usual }
      forms.set(tableName, [...(forms.get(tableName) ?? []), column])
    }
    return forms
  } finally {
    model.close()
  }
}
