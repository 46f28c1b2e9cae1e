import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { readPieces } from './pieces'
import { isSystemError, reasonOf } from './reasons'
import { type Target, targetOf } from './target'

/** Takes the next piece of a file; a text is written as UTF-8. */
export type Write = (piece: string | Uint8Array) => void

/** Of a file that is not there yet; one that is keeps its own. */
export interface WriteOptions {
  /** Permissions, less what the process's mask takes away. */
  readonly mode?: number
  /** The file has this mode whatever an old one had: it holds a secret. */
  readonly isPrivate?: boolean
}

/** For what lies in the data folder: its owner alone reads it. */
export const OWNERS: WriteOptions = { mode: 0o600, isPrivate: true }

/** Bytes of one read or write; a single call takes at most 2 GiB. */
const PIECE_BYTES = 64 * 2 ** 20
/** Text gathers up to this length before it is written. */
const GATHERED = 1 << 18
/** Ending of what is still being written; where it lies about, a process died of it. */
export const ASIDE_ENDING = '.tmp'

/**
 * Writes a file: beside the target first, synced to the disk, then moved into place, so that whoever opens the target sees the old one
 * or the whole new one, also after a power cut. What is there and is no file (a pipe, `/dev/stdout`) is written to as it is.
 *
 * @param content All of it, or a function that gives it piece by piece.
 * @returns what the function returned.
 * @throws UserError that names the target, and says what to do; the target is then as it was.
 */
export function writeFile<T = void>(
  file: string,
  content: string | Uint8Array | ((write: Write) => T),
  options: WriteOptions = {},
): T {
  const fill = (descriptor: number): T => {
    if (typeof content === 'function') return gathered(file, descriptor, content)
    attempt(file, () => writeAll(descriptor, bytesOf(content)))
    return undefined as T
  }
  const target = attempt(file, () => targetOf(file))
  if (target.kind !== 'file') return straight(file, target, fill)
  return inPlace(file, target, (aside) => {
    const descriptor = attempt(file, () => openSync(aside, 'wx', options.mode ?? 0o666))
    try {
      const result = fill(descriptor)
      attempt(file, () => finish(descriptor, target.old, options))
      return result
    } finally {
      closeSync(descriptor)
    }
  })
}

/**
 * The same for a writer that wants a file of its own to write to, such as SQLite.
 *
 * @param make Writes the whole file at the path that it is given, an empty file; its errors are its own to tell.
 */
export function writeFileBy<T>(file: string, make: (aside: string) => T, options: WriteOptions = {}): T {
  const target = attempt(file, () => targetOf(file))
  if (target.kind !== 'file')
    return inTemporaryFolder((aside) => {
      const result = make(aside)
      copyStraight(file, target, aside)
      return result
    })
  return inPlace(file, target, (aside) => {
    // The system says more clearly than another writer why nothing can be written here.
    attempt(file, () => closeSync(openSync(aside, 'wx', options.mode ?? 0o666)))
    const result = make(aside)
    const descriptor = attempt(file, () => openSync(aside, 'r+'))
    try {
      attempt(file, () => finish(descriptor, target.old, options))
    } finally {
      closeSync(descriptor)
    }
    return result
  })
}

/**
 * The path that another process may write a file to with `writeFile`: the target's own where that is a file. What is written to a pipe or
 * to this process's own output goes through a temporary file, for the other process has not got them.
 */
export async function writeFileElsewhere<T>(file: string, make: (out: string) => Promise<T>): Promise<T> {
  const target = attempt(file, () => targetOf(file))
  if (target.kind === 'file') {
    // Told before the work rather than after it.
    attempt(file, () => accessSync(path.dirname(target.path), constants.W_OK))
    return make(file)
  }
  const folder = temporaryFolder()
  try {
    const out = path.join(folder, 'file')
    const result = await make(out)
    copyStraight(file, target, out)
    return result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Moves what `make` has written aside into the target's place, or removes it. */
function inPlace<T>(file: string, target: Target & { kind: 'file' }, make: (aside: string) => T): T {
  const folder = path.dirname(target.path)
  // A move would not ask whether the file may be written to.
  if (target.old) attempt(file, () => accessSync(target.path, constants.W_OK))
  // A name of fixed length: the file's own may already be as long as the file system allows.
  const aside = path.join(folder, `.${randomBytes(8).toString('hex')}${ASIDE_ENDING}`)
  try {
    const result = make(aside)
    attempt(file, () => renameSync(aside, target.path))
    syncFolder(folder)
    return result
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Whole and on the disk, with the owner and the permissions of the file that it replaces, unless it is private. */
function finish(descriptor: number, old: Stats | undefined, { isPrivate = false, mode = 0o600 }: WriteOptions): void {
  // Whoever wrote it may have given it others, such as those of what it is a copy of.
  if (isPrivate && process.platform !== 'win32') fchmodSync(descriptor, mode)
  else if (old && process.platform !== 'win32') {
    try {
      fchownSync(descriptor, old.uid, old.gid)
    } catch {
      // Only root may give a file away.
    }
    fchmodSync(descriptor, old.mode & 0o7777)
  }
  fsyncSync(descriptor)
}

function straight<T>(file: string, target: Target & { kind: 'stream' | 'descriptor' }, fill: (descriptor: number) => T): T {
  if (target.kind === 'descriptor') return fill(target.descriptor)
  const descriptor = attempt(file, () => openSync(target.path, 'w'))
  try {
    return fill(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function copyStraight(file: string, target: Target & { kind: 'stream' | 'descriptor' }, from: string): void {
  straight(file, target, (descriptor) => readPieces(from, (piece) => attempt(file, () => writeAll(descriptor, piece))))
}

function gathered<T>(file: string, descriptor: number, fill: (write: Write) => T): T {
  let text = ''
  const flush = (): void => {
    if (text === '') return
    const bytes = bytesOf(text)
    text = ''
    attempt(file, () => writeAll(descriptor, bytes))
  }
  const result = fill((piece) => {
    if (typeof piece === 'string') {
      text += piece
      if (text.length >= GATHERED) flush()
      return
    }
    flush()
    attempt(file, () => writeAll(descriptor, piece))
  })
  flush()
  return result
}

const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : content)

const sleeper = new Int32Array(new SharedArrayBuffer(4))

/**
 * Goes on until all is written: one call may write less, on a disk that is nearly full for one.
 *
 * @param at Where in the file; where the last write ended unless told.
 * @throws the system's error.
 */
export function writeAll(descriptor: number, bytes: Uint8Array, at?: number): void {
  for (let done = 0; done < bytes.length;) {
    try {
      const place = at === undefined ? null : at + done
      done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, PIECE_BYTES), place)
    } catch (error) {
      // A pipe whose reader is slow.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(sleeper, 0, 0, 5)
    }
  }
}

/** Makes the move itself last through a power cut; Windows can open no folder and needs none of this. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // The file is whole and in place all the same.
  }
}

function inTemporaryFolder<T>(work: (file: string) => T): T {
  const folder = temporaryFolder()
  try {
    return work(path.join(folder, 'file'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function temporaryFolder(): string {
  return attempt(tmpdir(), () => mkdtempSync(path.join(tmpdir(), 'normlab-file-')))
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'make its folder first, or choose another place',
  ENOTDIR: 'choose another place',
  EISDIR: 'name a file in it',
  ENOSPC: 'make room there, or choose another place',
  EDQUOT: 'make room there, or choose another place',
  ENAMETOOLONG: 'choose a shorter one',
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw notWritten(file, error)
  }
}

/** The system did not let us write a file. */
export class NotWritten extends UserError {}

/** What to tell of it. */
export function notWritten(file: string, error: Pick<NodeJS.ErrnoException, 'code'>): NotWritten {
  return new NotWritten(`the file cannot be written: ${error.code === 'ENOENT' ? 'there is no such folder' : reasonOf(error)}`, {
    place: file,
    remedy: REMEDIES[error.code ?? ''] ?? 'choose a place that you may write to',
  })
}
