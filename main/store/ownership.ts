import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { UserError } from '../../shared/errors'
import { isSystemError, reasonOf } from '../files/reasons'
import { guarded } from './failures'

const DAY_MS = 86_400_000

/**
 * Which lab a run belongs to while it trains. Several labs (the app, the command line) may share one data folder; each
 * keeps a lock on a file of its own. The operating system drops that lock when the process ends, however it ends, so a
 * run whose owner's lock can be had is a run that nobody trains any more. No clock and no process id is trusted.
 *
 * The lock is SQLite's: it is the one that works alike on all systems, and its code is loaded anyway.
 */
export class Ownership {
  readonly id = randomBytes(8).toString('hex')
  private readonly folder: string
  private readonly lock: Database.Database | undefined
  /** Why there is no lock, though there should be one. */
  private readonly refusal: unknown

  /** @param isWriting False where the data folder cannot be written; such a lab owns no run. */
  constructor(home: string, isWriting = true) {
    this.folder = path.join(home, 'owners')
    if (!isWriting) return
    const file = this.file(this.id)
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      this.lock = guarded(file, () => lockFile(file))
    } catch (error) {
      rmSync(file, { force: true })
      this.refusal = isSystemError(error)
        ? new UserError(`the data folder takes no lock: ${reasonOf(error)}`, {
            place: this.folder,
            remedy: 'make room there and give yourself write permission, or choose another data folder',
          })
        : error
      return
    }
    this.sweep()
  }

  /** Looking at runs needs no lock, having one trained does. @throws UserError where there is none. */
  require(): void {
    if (this.refusal !== undefined) throw this.refusal
  }

  /** Whether what has this owner is a living lab's, and not this one's. */
  isOthers(owner: string | null): boolean {
    return owner !== null && owner !== this.id && this.isAlive(owner)
  }

  /** True while the lab of that id runs, in this process or another. */
  isAlive(owner: string): boolean {
    if (owner === this.id) return true
    if (!/^[0-9a-f]{16}$/.test(owner) || !existsSync(this.file(owner))) return false
    return !canLock(this.file(owner))
  }

  /** Whether another lab is at work on the data folder. */
  hasOthers(): boolean {
    if (!existsSync(this.folder)) return false
    const names = readdirSync(this.folder).filter((name) => name.endsWith('.lock') && name !== `${this.id}.lock`)
    return names.some((name) => this.isAlive(name.slice(0, -'.lock'.length)))
  }

  close(): void {
    if (!this.lock) return
    this.lock.close()
    rmSync(this.file(this.id), { force: true })
  }

  /** Removes what labs that were killed left behind; only old files, as a new one may not be locked yet. */
  private sweep(): void {
    for (const name of readdirSync(this.folder)) {
      const file = path.join(this.folder, name)
      const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > DAY_MS && name.endsWith('.lock') && canLock(file)) rmSync(file, { force: true })
    }
  }

  private file(owner: string): string {
    return path.join(this.folder, `${owner}.lock`)
  }
}

/** Locks a file that nothing is ever written to: without a journal beside it there is nothing that a full disk could refuse. */
function lockFile(file: string): Database.Database {
  const lock = new Database(file)
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}

function canLock(file: string): boolean {
  let probe: Database.Database | undefined
  try {
    probe = lockFile(file)
    return true
  } catch (error) {
    // Where the file cannot be opened for writing, nobody can tell; whoever may write there is left alone.
    if (/^SQLITE_(BUSY|READONLY|CANTOPEN|PERM)|^SQLITE_IOERR/.test((error as { code?: string }).code ?? '')) return false
    if (/Unable to open|ConnectionFailed/.test(String(error))) return false
    throw error
  } finally {
    probe?.close()
  }
}
