import { constants, copyFileSync, existsSync, mkdirSync, rmSync, rmdirSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { UserError, isUserError } from '../../shared/errors'
import { makeFolders } from '../files/make-folders'
import { moveUp } from '../files/move-up'
import { isWithin } from '../files/real-place'
import { isSystemError, reasonOf } from '../files/reasons'
import { requireSpace } from '../files/space'
import { ASIDE_ENDING } from '../files/write-file'
import type { TellBytes } from './backup'
import { DATABASE } from './backup-format'
import { checkStore } from './check'
import { guarded } from './failures'
import { filesThroughLinks } from './linked-folder'
import { markMove, movedFrom, unmarkMove } from './move-mark'
import { Ownership } from './ownership'
import { requireEmptyFolder } from './restore'

/** In the new place: the store, until it was looked through. */
const STORE_ASIDE = `moving${ASIDE_ENDING}`
/** How long a program that is just closing the old store is waited for, milliseconds. */
const BUSY_MS = 5_000
/** What is each program's own, or made again. The store comes last, by itself. */
const STAYS = /^(owners|reserve|moving\.json|normlab\.db.*|engine\.log.*)$/
/** Of the window's own state, what a person would miss; the rest is Chromium's. */
const OF_WINDOW = /^window\/([^/]+\.json|Local Storage(\/.*)?)$/
const UNFINISHED = /^\.(making|removed)-/

interface Found {
  readonly name: string
  readonly bytes: number
  readonly writtenMs: number
}

/** @throws UserError where the new place lies in what a link of the old one leads to: gone on with, the move would copy itself. */
function filesOf(home: string, target: string): Found[] {
  const { files, linked } = filesThroughLinks(home, isLeft)
  for (const place of linked) if (isWithin(place, target)) throw withinItself(target)
  return files.map(({ name, stats }) => ({ name, bytes: stats.size, writtenMs: stats.mtimeMs }))
}

function isLeft(name: string): boolean {
  if (name.startsWith('window/')) return !OF_WINDOW.test(name)
  const last = path.posix.basename(name)
  return STAYS.test(name) || last.endsWith(ASIDE_ENDING) || UNFINISHED.test(last)
}

const isCopied = (target: string, { name, bytes, writtenMs }: Found): boolean => {
  const there = statSync(path.join(target, name), { throwIfNoEntry: false })
  // Closely: a file may be written anew within the second, as long as before. Where a disk keeps times more coarsely, all is copied again.
  return there?.size === bytes && Math.abs(there.mtimeMs - writtenMs) < 1
}

function copyOne(home: string, target: string, { name, writtenMs }: Found): void {
  const to = path.join(target, name)
  makeFolders(path.dirname(to))
  copyFileSync(path.join(home, name), to, constants.COPYFILE_FICLONE)
  utimesSync(to, writtenMs / 1000, writtenMs / 1000)
}

/** @throws UserError where the folder cannot become the new place of this one: something is in it, or one lies in the other. */
export function requireMovable(home: string, target: string): void {
  if (isWithin(home, target) || isWithin(target, home)) throw withinItself(target)
  // One that was broken off is gone on with.
  if (movedFrom(home, target) === undefined) requireEmptyFolder(target)
  else refuseStore(target)
}

const withinItself = (place: string): UserError =>
  new UserError('a data folder cannot be moved into itself or what it lies in', { place, remedy: 'choose a folder elsewhere' })

/** A store in a place that is marked as unfinished was not put there by the move, or is all of it. @throws UserError */
function refuseStore(target: string): void {
  if (existsSync(path.join(target, DATABASE)))
    throw new UserError('there is a run store already', { place: target, remedy: 'choose another folder, or delete moving.json in this one to use it as it is' }) // prettier-ignore
}

/**
 * Copies all but the store to the new place, where labs may be at work on the old one; what is there already of an earlier try is left as it is.
 *
 * @throws UserError
 */
export async function copyAhead(home: string, target: string, tell: TellBytes): Promise<{ bytes: number }> {
  requireMovable(home, target)
  return telling(target, async () => {
    const files = filesOf(home, target)
    makeFolders(target)
    markMove(home, target, files.map(({ name }) => name)) // prettier-ignore
    const missing = files.filter((file) => !isCopied(target, file))
    const storeBytes = statSync(path.join(home, DATABASE), { throwIfNoEntry: false })?.size ?? 0
    const total = missing.reduce((sum, { bytes }) => sum + bytes, 0)
    await requireSpace(target, total + storeBytes, { place: target, remedy: 'make room there, or choose another disk' })
    let done = 0
    for (const file of missing) {
      tell(done, total)
      if (existsSync(path.join(home, file.name))) copyOne(home, target, file)
      done += file.bytes
    }
    return { bytes: total }
  })
}

/**
 * Ends a move once nobody is at work on the old folder: copies what has changed since, then the store, and looks it through. Nobody writes to the old store
 * meanwhile. The old folder stays as it is.
 *
 * @throws UserError; the new place is then still marked as unfinished.
 */
export function finishMove(home: string, target: string): { runs: number } {
  const copied = movedFrom(home, target)
  if (copied === undefined) throw new UserError('nothing was begun to be moved there', { place: target })
  refuseStore(target)
  return telling(target, () => {
    const ownership = new Ownership(home)
    let letGo = (): void => undefined
    const requireAlone = (): void => {
      if (ownership.hasOthers())
        throw new UserError('another NormLab is at work on this data folder', { place: home, remedy: 'close it first' })
    }
    try {
      requireAlone()
      letGo = holdStore(home)
      const files = filesOf(home, target)
      for (const file of files) if (!isCopied(target, file)) copyOne(home, target, file)
      const names = new Set(files.map(({ name }) => name))
      removeFiles(target, copied.filter((name) => !names.has(name))) // prettier-ignore
      const runs = copyStore(home, target, requireAlone)
      unmarkMove(target)
      return { runs }
    } finally {
      letGo()
      ownership.close()
    }
  })
}

/** Keeps everybody from writing to a store until it is let go of. */
function holdStore(home: string): () => void {
  const file = path.join(home, DATABASE)
  const hold = guarded(file, () => new Database(file, { timeout: BUSY_MS }))
  try {
    hold.exec('BEGIN IMMEDIATE')
  } catch (error) {
    // Where it cannot be written nobody writes to it.
    if (!/^SQLITE_READONLY/.test(String((error as { code?: unknown }).code))) {
      hold.close()
      guarded(file, () => { throw error }) // prettier-ignore
    }
  }
  return () => void hold.close()
}

/** Copies the store beside its place, looks it through, and puts it there. @param last Asked just before that. */
function copyStore(home: string, target: string, last: () => void): number {
  const aside = path.join(target, STORE_ASIDE)
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { mode: 0o700 })
  guarded(target, () => {
    const store = new Database(path.join(home, DATABASE))
    try {
      store.prepare('VACUUM INTO ?').run([path.join(aside, DATABASE)])
    } finally {
      store.close()
    }
  })
  const { runs, problems } = checkStore(aside)
  if (problems[0] !== undefined) throw new UserError(`the copied run store is damaged: ${problems[0]}`, { place: target })
  last()
  moveUp(aside, target, DATABASE)
  rmdirSync(aside)
  return runs
}

/** Whether a move to there was begun, and not ended. */
export const isMoveBegun = (home: string, target: string): boolean => movedFrom(home, target) !== undefined

/**
 * Takes away what a move that was called off has made, and nothing else. What cannot be taken away stays: what was called off is to be told, not this.
 *
 * @param wasThere Whether the folder was there before, empty.
 */
export function dropMove(home: string, target: string, wasThere: boolean): void {
  const copied = movedFrom(home, target)
  if (copied === undefined) return
  try {
    removeFiles(target, copied)
    unmarkMove(target)
    if (!wasThere) rmdirSync(target)
  } catch {
    // Something of somebody else's is in it, or the disk is gone.
  }
}

/** Removes files of a folder, and the folders in it that are empty then. */
function removeFiles(target: string, names: readonly string[]): void {
  for (const name of names) rmSync(path.join(target, name), { force: true })
  const folders = new Set<string>()
  for (const name of names) for (let at = path.posix.dirname(name); at !== '.'; at = path.posix.dirname(at)) folders.add(at)
  // The innermost first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    try {
      rmdirSync(path.join(target, folder))
    } catch {
      // Something is in it.
    }
}

function telling<T>(target: string, work: () => T): T {
  const told = (error: unknown): unknown =>
    isUserError(error) || !isSystemError(error)
      ? error
      : new UserError(`it cannot be moved there: ${reasonOf(error)}`, { place: target, remedy: 'make room there, or choose another folder' }) // prettier-ignore
  try {
    const made = work()
    return made instanceof Promise ? (made.catch((error: unknown) => { throw told(error) }) as T) : made // prettier-ignore
  } catch (error) {
    throw told(error)
  }
}
