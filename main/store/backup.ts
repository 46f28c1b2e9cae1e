import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import Database from 'libsql'
import tar from 'tar-stream'
import { UserError } from '../../shared/errors'
import { inAsideFolder } from '../files/aside-folder'
import { isWithin } from '../files/real-place'
import { isSystemError } from '../files/reasons'
import { requireSpace } from '../files/space'
import { ASIDE_ENDING, notWritten } from '../files/write-file'
import {
  BACKUP_FILE,
  type BackupHead,
  DATABASE,
  HASHES_FILE,
  isBackupName,
  KEPT_FOLDERS,
  LONGEST_NAME,
  MOST_TEXT_BYTES,
} from './backup-format'
import { guarded } from './failures'
import { filesThroughLinks, placesThroughLinks, unreadable } from './linked-folder'
import { versionOf } from './schema'
import { Store } from './store'

export interface BackupOptions {
  /** Leaves data sets out, which can be had again from where they came. */
  readonly withoutDatasets?: boolean | undefined
  /** Of the program that writes it. */
  readonly program: string
}

export interface BackupCounts {
  readonly files: number
  readonly bytes: number
  readonly runs: number
}

/** Hears how far a long piece of work has come. */
export type TellBytes = (done: number, total: number) => void

/** In the folder in which a backup is made: the store as it was at one moment, and the backup. */
export const SNAPSHOT = 'store.db'
const MADE = 'backup.tar'

/**
 * Writes all that a data folder keeps into one tar file, beside its place first, and moves it there once it is whole.
 *
 * @param make `makeBackup` in a folder, here or in another process.
 * @throws UserError where the store cannot be read or the file not be written; nothing is left behind then.
 */
export async function backUp(
  home: string,
  file: string,
  make: (folder: string) => Promise<BackupCounts>,
): Promise<BackupCounts & { readonly path: string }> {
  const target = path.resolve(file)
  refuseWithin(home, target)
  try {
    return await inAsideFolder(target, async (folder) => {
      const made = await make(folder)
      renameSync(path.join(folder, MADE), target)
      return { path: target, ...made }
    })
  } catch (error) {
    throw isSystemError(error) ? notWritten(target, error) : error
  }
}

/**
 * Makes a backup in a folder: the run store as it is at one moment, though labs write to it meanwhile, then checkpoints, weights and data sets, by links too. What is
 * made again by itself (caches, logs, locks) stays behind, and so does the browser mode's token. SQLite copies the store without a pause: a program that
 * has a window has another process do it.
 *
 * @param target Where the backup is to be, which errors name.
 * @throws UserError
 */
export async function makeBackup(
  home: string,
  folder: string,
  target: string,
  { withoutDatasets = false, program }: BackupOptions,
  tell: TellBytes = () => undefined,
): Promise<BackupCounts> {
  const store = new Store(home)
  const snapshot = path.join(folder, SNAPSHOT)
  try {
    const runs = store.runs.all().length
    const head: BackupHead = {
      format: 'normlab/backup',
      version: 1,
      program,
      store: versionOf(store),
      at: new Date().toISOString(),
    }
    const folders = new Set<string>(KEPT_FOLDERS.filter((name) => !(withoutDatasets && name === 'datasets')))
    // What a link leads to belongs to it, as in a move: elsewhere the link alone would lead nowhere.
    const { files, linked } = filesThroughLinks(home, (name) => !folders.has(name.split('/')[0]!) || name.endsWith(ASIDE_ENDING)) // prettier-ignore
    // What is left out of this one is part of the next.
    const left = KEPT_FOLDERS.filter((name) => !folders.has(name)).flatMap((name) => placesThroughLinks(path.join(home, name)))
    for (const place of [...linked, ...left]) refuseWithin(place, target)
    const sources = files.map(({ name }) => ({ name, file: path.join(home, name) }))
    for (const { name, file } of sources) if (!isBackupName(name)) throw unrestorable(file)
    requireShortList(home, files.map(({ name }) => name)) // prettier-ignore
    const fileBytes = files.reduce((sum, { stats }) => sum + stats.size, 0)
    const [{ bytes: storeBytes }] = store.query(
      'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    ) as [{ bytes: number }]
    // The store is written twice: as it is at one moment, and from there onto the tape.
    const total = 2 * storeBytes + fileBytes
    await requireSpace(folder, total, { place: target, remedy: 'make room there, or write it to another disk' })
    tell(0, total)
    guarded(target, () => {
      const copy = new Database(store.file)
      try {
        copy.prepare('VACUUM INTO ?').run([snapshot])
      } finally {
        copy.close()
      }
    })
    let done = storeBytes
    tell(done, total)
    const taped = await pack(path.join(folder, MADE), head, [{ name: DATABASE, file: snapshot }, ...sources], (bytes) =>
      tell((done += bytes), total),
    )
    return { ...taped, runs }
  } catch (error) {
    throw isSystemError(error) ? notWritten(target, error) : error
  } finally {
    store.close()
  }
}

/**
 * A backup in the folder that it is of would take its store's place, or be part of the next one.
 *
 * @param part The data folder, or what a link in it leads to.
 * @throws UserError where it would lie there.
 */
function refuseWithin(part: string, target: string): void {
  if (!isWithin(part, path.dirname(target)) && !isWithin(part, target)) return
  throw new UserError('a backup cannot lie in the data folder that it is of, nor where a link of that leads', {
    place: target,
    remedy: 'name a file elsewhere',
  })
}

/** The whole backup would be refused for one name, once it is needed. */
const unrestorable = (place: string): UserError =>
  new UserError(`a file of this name could not be restored: it has control characters, or more than ${LONGEST_NAME} characters from the data folder on`, { place, remedy: 'give it another name, or take it out of there' }) // prettier-ignore

/** What a hash takes in the list, with what stands around it. */
const HASH_BYTES = 70

/** @throws UserError where the list of all hashes would be longer than any that is read. */
function requireShortList(home: string, names: readonly string[]): void {
  const bytes = names.reduce((sum, name) => sum + Buffer.byteLength(JSON.stringify(name)) + HASH_BYTES, 0)
  if (bytes > MOST_TEXT_BYTES)
    throw new UserError(`${names.length} files of such long names could not be restored`, { place: home, remedy: 'take out what is not NormLab’s, or leave data sets out' }) // prettier-ignore
}

async function pack(
  target: string,
  head: BackupHead,
  sources: readonly { name: string; file: string }[],
  onBytes: (bytes: number) => void,
): Promise<{ files: number; bytes: number }> {
  const tape = tar.pack()
  const out = createWriteStream(target, { flags: 'wx', mode: 0o600 })
  const written = finished(tape.pipe(out))
  // Told below, once; a failure while an entry is written must not be thrown to nobody.
  written.catch(() => tape.destroy())
  const hashes: Record<string, string> = {}
  let [files, bytes] = [0, 0]
  const put = async (name: string, text: string): Promise<void> => {
    await new Promise<void>((resolve, reject) =>
      tape.entry({ name, mode: 0o600 }, text, (error) => (error ? reject(error) : resolve())),
    )
  }
  const all = async (): Promise<void> => {
    await put(BACKUP_FILE, JSON.stringify(head))
    for (const { name, file } of sources) {
      const size = statSync(file, { throwIfNoEntry: false })?.size
      // A checkpoint that was pruned meanwhile is one that nobody misses.
      if (size === undefined) continue
      hashes[name] = await entry(tape, { name, file, size }, onBytes)
      files++
      bytes += size
    }
    await put(HASHES_FILE, JSON.stringify(hashes))
    tape.finalize()
  }
  await Promise.all([written, Promise.race([all(), written])])
  return { files, bytes }
}

/** Puts a file on the tape, piece by piece. @returns its SHA-256. */
async function entry(
  tape: tar.Pack,
  { name, file, size }: { name: string; file: string; size: number },
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const slot = tape.entry({ name, size, mode: 0o600, mtime: statSync(file).mtime })
  const done = finished(slot)
  done.catch(() => undefined)
  if (size > 0)
    for await (const piece of piecesOf(file, size)) {
      hash.update(piece)
      onBytes(piece.length)
      if (!slot.write(piece)) await new Promise<void>((resolve) => slot.once('drain', resolve))
    }
  slot.end(null)
  await done
  return hash.digest('hex')
}

/** @throws UserError where it cannot be read, which is not the backup's fault. */
async function* piecesOf(file: string, size: number): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { end: size - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>
  } catch (error) {
    throw isSystemError(error) ? unreadable(file, error) : error
  }
}
