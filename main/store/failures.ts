import { UserError, isUserError } from '../../shared/errors'
import { NotWritten } from '../files/write-file'

/** SQLite's result codes (sqlite.org/rescode.html) that a user can do something about. */
const sentences: readonly [prefix: string, problem: string, remedy: string][] = [
  ['SQLITE_FULL', 'the disk is full, nothing more can be stored', 'free some space or choose another data folder'],
  ['SQLITE_READONLY', 'the database cannot be written', 'give yourself write permission, or choose another data folder'],
  ['SQLITE_PERM', 'the database cannot be written', 'give yourself write permission, or choose another data folder'],
  ['SQLITE_CANTOPEN', 'the database cannot be opened', 'check that the folder is there and yours, or choose another data folder'],
  ['SQLITE_IOERR_SHMSIZE', 'the disk is full, nothing more can be stored', 'free some space or choose another data folder'],
  ['SQLITE_IOERR', 'the disk reports an error', 'check the disk and its free space, or choose another data folder'],
  ['SQLITE_BUSY', 'another program keeps the database locked', 'close that program and try again'],
]

/** The store cannot do its work: not the user's mistake, but the user's to mend. */
export class StoreFailure extends UserError {
  constructor(
    problem: string,
    options: UserError['options'],
    /** SQLite's own, where it is known: `SQLITE_FULL`. */
    readonly code?: string,
  ) {
    super(problem, options)
  }
}

/** The store's file is not as NormLab left it; `normlab store repair` takes over what can be read. */
export class DamagedStore extends StoreFailure {
  constructor(problem: string, file: string, code?: string) {
    super(
      problem,
      { place: file, remedy: 'normlab store repair makes a new one of all that can be read, and keeps this one' },
      code,
    )
  }
}

/** Runs a piece of database work; what SQLite reports and the user can mend becomes a StoreFailure that names the file. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, file)
  }
}

function storeError(error: unknown, file: string): unknown {
  if (isUserError(error) || !(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  const name = typeof code === 'string' ? code : ''
  // Without a word of what it wanted to do: pages that lead outside the file, a page that is not there.
  if (/^SQLITE_IOERR(_SHORT_READ|_CORRUPTFS)?$/.test(name))
    return new DamagedStore('the database is damaged, or the disk reports an error', file, name)
  for (const [prefix, problem, remedy] of sentences)
    if (name.startsWith(prefix)) return new StoreFailure(problem, { place: file, remedy }, name)
  if (name.startsWith('SQLITE_NOTADB')) return new DamagedStore('this file is not a NormLab database', file, name)
  // What SQLite complains of beyond that, a missing table, a broken constraint, can only come from a file that is not as it was left.
  if (/^(UNKNOWN_)?SQLITE_/.test(name))
    return new DamagedStore(`the database is damaged (${error.message.replace(/\s+/g, ' ').slice(0, 200)})`, file, name)
  // The binding reports a failed open without SQLite's code.
  if (/Unable to open|ConnectionFailed/.test(error.message))
    return new StoreFailure('the database cannot be opened', {
      place: file,
      remedy: 'check that the folder is there and yours, or choose another data folder',
    })
  return error
}

/** Whether the disk has no room for what SQLite needs to write, its log and the log's index among it. */
export function isOutOfSpace(error: unknown): error is StoreFailure {
  return (
    error instanceof StoreFailure && /^SQLITE_(FULL|IOERR_(WRITE|SHMSIZE|SHMMAP|TRUNCATE|FSYNC)|CANTOPEN)/.test(error.code ?? '')
  )
}

/** Whether another program keeps the store locked; it may let go at any time. */
export const isLocked = (error: unknown): boolean => error instanceof StoreFailure && (error.code ?? '').startsWith('SQLITE_BUSY')

/** Whether this machine takes nothing more: the store, or a file. It is mended by a free disk or the end of another program, not by giving up. */
export const isUnwritable = (error: unknown): error is UserError => error instanceof StoreFailure || error instanceof NotWritten
