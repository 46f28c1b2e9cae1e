import { pathToFileURL } from 'node:url'
import Database from 'libsql'
import { guarded } from './failures'

/** How long a write waits for another process's, milliseconds. */
const BUSY_MS = 10_000

/** The file as SQLite's URI (sqlite.org/uri.html). */
export const fileUri = (file: string, options: string): string => `${pathToFileURL(file).href}?${options}`

/**
 * An open SQLite file, and its statements, each prepared once. It knows nothing of what is stored.
 *
 * @throws UserError from every method where the disk is full, or the file damaged, locked or not writable.
 */
export class Connection {
  private readonly database: Database.Database
  private readonly statements = new Map<string, Database.Statement>()

  /** @param access `unchanging`: it is only read, nobody writes to it, and nothing is made beside it. */
  constructor(
    readonly file: string,
    access: 'writing' | 'unchanging' = 'writing',
  ) {
    const isWritten = access === 'writing'
    const place = isWritten ? file : fileUri(file, 'mode=ro&immutable=1')
    this.database = guarded(file, () => new Database(place, { timeout: BUSY_MS, readonly: !isWritten }))
  }

  /** Rows of a question, as objects. */
  query(sql: string, values: readonly unknown[] = []): unknown[] {
    return this.guard(() => this.statement(sql).all([...values]))
  }

  /** The first row or undefined. Not the binding's `get`, which adds a field of its own to the row. */
  first(sql: string, values: readonly unknown[] = []): unknown {
    return this.query(sql, values)[0]
  }

  /** Rows as arrays of their columns: for long answers. */
  columns(sql: string, values: readonly unknown[]): unknown[][] {
    return this.guard(() => this.statement(sql, true).all([...values]) as unknown[][])
  }

  /** @returns the id of the row that was inserted, if one was. */
  change(sql: string, values: readonly unknown[] = []): number {
    return this.guard(() => Number(this.statement(sql).run([...values]).lastInsertRowid))
  }

  /** @returns how many rows the statement changed. */
  changed(sql: string, values: readonly unknown[] = []): number {
    return this.guard(() => Number(this.statement(sql).run([...values]).changes))
  }

  /** Runs a statement that has no values and no answer. */
  execute(sql: string): void {
    this.guard(() => this.database.exec(sql))
  }

  transaction<T>(work: () => T): T {
    return this.guard(() => {
      this.database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.database.exec('COMMIT')
        return result
      } catch (error) {
        // SQLite has rolled back by itself where the disk was full.
        if (this.database.inTransaction) this.database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Works with another database file beside this one, under a name. */
  attached<T>(file: string, name: string, work: () => T): T {
    this.change(`ATTACH DATABASE ? AS ${name}`, [file])
    try {
      return work()
    } finally {
      // Statements that know the other file would keep it open.
      this.statements.clear()
      this.execute(`DETACH DATABASE ${name}`)
    }
  }

  /** A number that changes when another process has written. */
  foreignWrites(): number {
    return (this.first('PRAGMA data_version') as { data_version: number }).data_version
  }

  /** Gives the space of what was deleted back to the disk. */
  shrink(): void {
    this.guard(() => this.database.prepare('PRAGMA incremental_vacuum').all())
  }

  /** Folds the log into the file, where no other process is at work on it, and closes. */
  close(): void {
    this.statements.clear()
    try {
      this.database.exec('PRAGMA busy_timeout = 100')
      this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
    } catch {
      // The log is as good a place: the next one to open the store reads it.
    }
    this.database.close()
  }

  private guard<T>(work: () => T): T {
    return guarded(this.file, work)
  }

  private statement(sql: string, raw = false): Database.Statement {
    const key = raw ? `raw ${sql}` : sql
    let statement = this.statements.get(key)
    if (!statement) {
      statement = this.database.prepare(sql)
      if (raw) statement.raw()
      this.statements.set(key, statement)
    }
    return statement
  }
}
