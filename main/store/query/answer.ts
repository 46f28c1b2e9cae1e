import Database from 'libsql'
import { UserError } from '../../../shared/errors'
import { cutText } from '../../../shared/cut-text'
import { checkQuestion, mayBeCalled, withoutBytes } from './words'
import { viewStatements } from './views'

/** A value of an answer; what SQLite has as bytes comes as hexadecimal digits. */
export type QueryCell = string | number | null

export interface QueryQuestion {
  /** The store as another connection opens it, to read alone: SQLite's URI. */
  readonly uri: string
  readonly sql: string
  /** Most rows that are given. */
  readonly rows: number
}

export interface QueryAnswer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly QueryCell[])[]
  /** Whether there are more rows than were given. */
  readonly isCut: boolean
}

/** Cells of one answer: a few hundred megabytes. */
const MOST_CELLS = 20_000_000

/**
 * Answers a question in SQL about the store, which may be written to meanwhile: the answer is of one moment. It takes as long as it takes; whoever asks ends the process when it has waited enough.
 *
 * @throws UserError where the question is not taken, or SQLite does not understand it.
 */
export function answerQuery({ uri, sql, rows: most }: QueryQuestion): QueryAnswer {
  checkQuestion(sql)
  const database = new Database(uri, { timeout: 5000 })
  try {
    for (const statement of viewStatements()) database.exec(statement)
    database.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF')
    checkCalls(database, sql)
    return read(database, sql, most)
  } catch (error) {
    if (error instanceof UserError) throw error
    const said = error instanceof Error ? error.message : String(error)
    throw new UserError(`SQLite does not take the question: ${cutText(said, 300)}`, {
      place: 'SQL',
      remedy: 'normlab query --tables lists tables and columns',
    })
  } finally {
    database.close()
  }
}

/** Holds the program that SQLite makes of a question to the same functions, whatever the question's words look like. Nothing of it is run. */
function checkCalls(database: Database.Database, sql: string): void {
  const program = database.prepare(`EXPLAIN ${withoutBytes(sql)}`).all() as { opcode: string; p4: string | null }[]
  for (const { opcode, p4 } of program) {
    if (!/^(Function|PureFunc|Agg)/.test(opcode)) continue
    const name = /^(.*)\(-?\d+\)$/.exec(p4 ?? '')?.[1] ?? String(p4)
    if (!mayBeCalled(name))
      throw new UserError(`the function ${cutText(name, 60)} is not taken`, {
        place: 'SQL',
        remedy: 'use those of SQLite that work out a value',
      })
  }
}

function read(database: Database.Database, sql: string, most: number): QueryAnswer {
  const statement = database.prepare(sql)
  if (!statement.reader)
    throw new UserError('that would change the store, which is only read', {
      place: 'SQL',
      remedy: 'begin with SELECT, or end a WITH in one',
    })
  statement.raw()
  const columns = statement.columns().map(({ name }) => name)
  const rows: QueryCell[][] = []
  for (const row of statement.iterate() as Iterable<unknown[]>) {
    if (rows.length === most) return { columns, rows, isCut: true }
    if ((rows.length + 1) * columns.length > MOST_CELLS)
      throw new UserError(`the answer has more than ${MOST_CELLS} values`, { place: 'SQL', remedy: 'ask for less at once' })
    rows.push(row.map(cell))
  }
  return { columns, rows, isCut: false }
}

function cell(value: unknown): QueryCell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('hex')
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : String(value)
}
