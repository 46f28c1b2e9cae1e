import { pathToFileURL } from 'node:url'
import Database from 'libsql'
import type { UserError } from '../../shared/errors'
import { guarded, isLocked } from './failures'

/** How long a write waits for another process's, milliseconds, before it is tried again later. All the program stands still for it. */
const BUSY_MS = 250
/** The same where the lock goes from hand to hand: whoever waits is unlucky, and need not be told so. */
const CONTENDED_MS = 2000
/** The same while a file is opened, when nothing else is going on yet. */
const OPENING_BUSY_MS = 10_000

/** The file as SQLite's URI (sqlite.org/uri.html). */
export const fileUri = (file: string, options: string): string => `${pathToFileURL(file).href}?${options}`

/** Where the bytes are, if not in the file itself, and whether they are only read. */
export interface Access {
  readonly place?: string
  /** Nobody writes to it while it is open; nothing is made beside it. */
  readonly isUnchanging?: boolean
  /** Why nothing is written; every attempt throws it. */
  readonly refusal?: UserError
}

/**
 * An open SQLite file, and its statements, each prepared once. It knows nothing of what is stored.
 *
 * @throws UserError from every method where the disk is full, or the file damaged, locked or not writable.
 */
export class Connection {
  private database: Database.Database
  private access: Access
  private readonly statements = new Map<string, Database.Statement>()
  /** Transactions that were committed, for whoever asks whether one was. */
  commits = 0

  /** @param file As it is named to the user. */
  constructor(
    readonly file: string,
    access: Access = {},
  ) {
    this.access = access
    this.database = open(file, access)
  }

  /** Why nothing can be written; undefined where it can. */
  get refusal(): UserError | undefined {
    return this.access.refusal
  }

  /** Where the bytes are, and whether nobody writes to them. */
  protected get place(): { readonly path: string; readonly isUnchanging: boolean } {
    return { path: this.access.place ?? this.file, isUnchanging: this.access.isUnchanging ?? false }
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
    return Number(this.run(sql, values).lastInsertRowid)
  }

  /** @returns how many rows the statement changed. */
  changed(sql: string, values: readonly unknown[] = []): number {
    return Number(this.run(sql, values).changes)
  }

  private run(sql: string, values: readonly unknown[]): { lastInsertRowid: number | bigint; changes: number } {
    if (this.refusal) throw this.refusal
    return this.contended(() => {
      const result = this.statement(sql).run([...values])
      if (!this.database.inTransaction) this.commits++
      return result
    })
  }

  /** Runs a statement that has no values and no answer. */
  execute(sql: string): void {
    this.guard(() => this.database.exec(sql))
  }

  transaction<T>(work: () => T): T {
    if (this.refusal) throw this.refusal
    this.contended(() => this.database.exec('BEGIN IMMEDIATE'))
    return this.guard(() => {
      try {
        const result = work()
        this.database.exec('COMMIT')
        this.commits++
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

  /**
   * Begins a piece of writing, again while others write in turn: SQLite's waiting looks now and then whether the lock is free, and among
   * busy writers each look may come too early. A lock that one program keeps gives up after `BUSY_MS`.
   */
  private contended<T>(work: () => T): T {
    if (this.database.inTransaction) return this.guard(work)
    const begun = performance.now()
    for (let before = this.foreignWrites(); ;) {
      try {
        return this.guard(work)
      } catch (error) {
        const now = this.foreignWrites()
        if (!isLocked(error) || now === before || performance.now() - begun > CONTENDED_MS) throw error
        before = now
      }
    }
  }

  /** A number that changes when another process has written. */
  foreignWrites(): number {
    return (this.first('PRAGMA data_version') as { data_version: number }).data_version
  }

  /** Whether a write that another process bars gives up soon, so that the program does not stand still, or waits. */
  setPatient(isPatient: boolean): void {
    this.execute(`PRAGMA busy_timeout = ${isPatient ? OPENING_BUSY_MS : BUSY_MS}`)
  }

  /** Gives the space of what was deleted back to the disk, a few pages at a time, so that it takes little space itself. */
  shrink(): void {
    this.guard(() => {
      const free = (): number => (this.first('PRAGMA freelist_count') as { freelist_count: number }).freelist_count
      for (let left = free(), before = Infinity; left > 0 && left < before; left = free()) {
        before = left
        this.database.prepare(`PRAGMA incremental_vacuum(${SHRINK_PAGES})`).all()
        this.database.prepare('PRAGMA wal_checkpoint(PASSIVE)').all()
      }
    })
  }

  /** Opens the same store in another way. */
  protected reopen(access: Access): void {
    this.statements.clear()
    this.database.close()
    this.access = access
    this.database = open(this.file, access)
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

/** Pages that are given back between two looks at the log: some megabytes. */
const SHRINK_PAGES = 1000

function open(file: string, { place = file, isUnchanging = false }: Access): Database.Database {
  const name = isUnchanging ? fileUri(place, 'mode=ro&immutable=1') : place
  return guarded(file, () => new Database(name, { timeout: OPENING_BUSY_MS, readonly: isUnchanging }))
}
