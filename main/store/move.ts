import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import Database from 'libsql'
import { UserError, isUserError } from '../../shared/errors'
import { makeFolders } from '../files/make-folders'
import { isSystemError, reasonOf } from '../files/reasons'
import { requireSpace } from '../files/space'
import { ASIDE_ENDING } from '../files/write-file'
import type { TellBytes } from './backup'
import { DATABASE } from './backup-format'
import { checkStore } from './check'
import { guarded } from './failures'
import { Ownership } from './ownership'
import { requireEmptyFolder } from './restore'

/** Lies in the new folder, and names the old one, until all is there. */
const MARK = 'moving.json'
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

function filesOf(home: string, folder = ''): Found[] {
  return readdirSync(path.join(home, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    if ((folder === '' && STAYS.test(name)) || entry.name.endsWith(ASIDE_ENDING) || UNFINISHED.test(entry.name)) return []
    if (entry.isDirectory())
      return name === 'window' || !name.startsWith('window/') || OF_WINDOW.test(name) ? filesOf(home, name) : []
    if (!entry.isFile() || (name.startsWith('window/') && !OF_WINDOW.test(name))) return []
    const { size, mtimeMs } = lstatSync(path.join(home, name))
    return [{ name, bytes: size, writtenMs: mtimeMs }]
  })
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
  if (isWithin(home, target) || isWithin(target, home))
    throw new UserError('a data folder cannot be moved into itself or what it lies in', { place: target, remedy: 'choose a folder elsewhere' }) // prettier-ignore
  // One that was broken off is gone on with.
  if (movesFrom(target) !== home) requireEmptyFolder(target)
}

function isWithin(folder: string, place: string): boolean {
  const way = path.relative(folder, place)
  return !way.startsWith('..') && !path.isAbsolute(way)
}

function movesFrom(target: string): unknown {
  try {
    return (JSON.parse(readFileSync(path.join(target, MARK), 'utf8')) as { from?: unknown }).from
  } catch {
    return undefined
  }
}

/**
 * Copies all but the store to the new place, where labs may be at work on the old one; what is there already of an earlier try is left as it is.
 *
 * @throws UserError
 */
export async function copyAhead(home: string, target: string, tell: TellBytes): Promise<{ bytes: number }> {
  requireMovable(home, target)
  return telling(target, async () => {
    makeFolders(target)
    writeFileSync(path.join(target, MARK), `${JSON.stringify({ from: home })}\n`, { mode: 0o600 })
    const files = filesOf(home)
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
 * Ends a move once nobody is at work on the old folder: copies what has changed since, then the store, and looks it through. The old folder stays as it is.
 *
 * @throws UserError; the new place is then still marked as unfinished.
 */
export function finishMove(home: string, target: string): { runs: number } {
  if (movesFrom(target) !== home) throw new UserError('nothing was begun to be moved there', { place: target })
  return telling(target, () => {
    const ownership = new Ownership(home)
    try {
      if (ownership.hasOthers())
        throw new UserError('another NormLab is at work on this data folder', { place: home, remedy: 'close it first' })
      const files = filesOf(home)
      for (const file of files) if (!isCopied(target, file)) copyOne(home, target, file)
      const names = new Set(files.map(({ name }) => name))
      for (const { name } of filesOf(target)) if (!names.has(name)) rmSync(path.join(target, name))
      copyStore(home, target)
      const { runs, problems } = checkStore(target)
      if (problems[0] !== undefined) throw new UserError(`the copied run store is damaged: ${problems[0]}`, { place: target })
      rmSync(path.join(target, MARK))
      return { runs }
    } finally {
      ownership.close()
    }
  })
}

function copyStore(home: string, target: string): void {
  const [to, aside] = [path.join(target, DATABASE), path.join(target, `${DATABASE}${ASIDE_ENDING}`)]
  for (const left of [aside, to, `${to}-wal`, `${to}-shm`]) rmSync(left, { force: true })
  guarded(target, () => {
    const store = new Database(path.join(home, DATABASE))
    try {
      store.prepare('VACUUM INTO ?').run([aside])
    } finally {
      store.close()
    }
  })
  renameSync(aside, to)
}

/** Takes away what a move that was called off has made. @param wasThere Whether the folder was there before, empty. */
export function dropMove(home: string, target: string, wasThere: boolean): void {
  if (movesFrom(target) !== home) return
  rmSync(target, { recursive: true, force: true })
  if (wasThere) makeFolders(target)
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
