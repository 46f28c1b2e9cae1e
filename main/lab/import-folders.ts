import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { PROGRESS_FILE } from '../datasets/imported/import-progress'
import { isSystemError, reasonOf } from '../files/reasons'
import type { Ownership } from '../store/ownership'

/** An import that was broken off can be gone on with for so long, milliseconds; then what it made is taken away. */
const KEPT_MS = 24 * 3_600_000

/** `.import-OWNER-KEY-RANDOM`: the lab at work in it, and what is imported. */
const NAME = /^\.import-([0-9a-f]{16})-([0-9a-f]{16})-[0-9a-f]{8}$/

/**
 * The folders in which data sets are made, beside those that are there. An import that was killed or called off leaves its own, and the next
 * import of the same takes it over; a folder belongs to a lab as long as that lives.
 */
export class ImportFolders {
  private readonly inUse = new Set<string>()

  /** @param folder Where imported sets lie. */
  constructor(
    private readonly folder: string,
    private readonly ownership: Ownership,
  ) {}

  /**
   * A folder for an import, with what an earlier one of the same left in it.
   *
   * @param subject What is imported, and how: its JSON tells one import from another.
   * @throws UserError where the data folder cannot be written.
   */
  claim(subject: unknown): string {
    const key = createHash('sha256').update(JSON.stringify(subject)).digest('hex').slice(0, 16)
    const own = path.join(this.folder, `.import-${this.ownership.id}-${key}-${randomBytes(4).toString('hex')}`)
    this.sweep()
    if (!this.leftBehind().some((left) => left.key === key && isMoved(path.join(this.folder, left.name), own))) makeFolder(own)
    this.inUse.add(path.basename(own))
    return own
  }

  /** Nobody is at work in it any more. */
  release(folder: string): void {
    this.inUse.delete(path.basename(folder))
  }

  /** Takes away what imports of labs that are gone left behind, once it is old or of no use, and what is left of deleted sets. */
  sweep(): void {
    for (const { name } of this.leftBehind()) {
      const left = path.join(this.folder, name)
      const changed = fs.statSync(path.join(left, PROGRESS_FILE), { throwIfNoEntry: false })?.mtimeMs
      if (changed === undefined || Date.now() - changed > KEPT_MS) fs.rmSync(left, { recursive: true, force: true })
    }
    for (const name of this.names())
      if (this.isDeleted(name)) fs.rmSync(path.join(this.folder, name), { recursive: true, force: true })
  }

  /** Of a lab that is gone: a living one may still bring the set back. */
  private isDeleted(name: string): boolean {
    if (!name.startsWith('.deleted-')) return false
    const owner = /^\.deleted-([0-9a-f]{16})-/.exec(name)?.[1]
    return owner === undefined || !this.ownership.isAlive(owner)
  }

  /** Folders in which nobody is at work. */
  private leftBehind(): { readonly name: string; readonly key: string }[] {
    return this.names().flatMap((name) => {
      const [, owner, key] = NAME.exec(name) ?? []
      if (owner === undefined || key === undefined) return []
      const isAtWork = owner === this.ownership.id ? this.inUse.has(name) : this.ownership.isAlive(owner)
      return isAtWork ? [] : [{ name, key }]
    })
  }

  private names(): string[] {
    try {
      return fs.readdirSync(this.folder)
    } catch {
      // No folder, nothing in it.
      return []
    }
  }
}

/** Of two that want the same folder one gets it. */
function isMoved(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to)
    return true
  } catch {
    return false
  }
}

function makeFolder(folder: string): void {
  try {
    // One by one: with `recursive` the system's reason is lost where the disk is read-only.
    const above = path.dirname(folder)
    if (!fs.existsSync(above)) fs.mkdirSync(above, { mode: 0o700 })
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`a data set cannot be kept here: ${reasonOf(error)}`, {
      place: path.dirname(folder),
      remedy: 'choose another data folder with --home, or make room there',
    })
  }
}

/** Puts a folder that is ready where sets lie. @throws UserError where the system does not let it be moved. */
export function moveTo(folder: string, place: string): void {
  try {
    fs.renameSync(folder, place)
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`the data set cannot be stored: ${reasonOf(error)}`, {
      place,
      remedy: 'look at the data folder’s disk and permissions, and import again',
    })
  }
}
