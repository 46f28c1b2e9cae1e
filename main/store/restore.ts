import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import tar from 'tar-stream'
import { z } from 'zod'
import { UserError, isUserError } from '../../shared/errors'
import { inAsideFolder, isAsideName } from '../files/aside-folder'
import { makeFolders } from '../files/make-folders'
import { moveUp } from '../files/move-up'
import { isSystemError, reasonOf, reasonOfAny } from '../files/reasons'
import type { TellBytes } from './backup'
import { BACKUP_FILE, BackupHead, DATABASE, HASHES_FILE, isBackupName, MOST_TEXT_BYTES } from './backup-format'
import { checkStore } from './check'
import { ENGINE_LOG } from './home'
import { STORE_VERSION } from './schema'

export interface RestoredCounts {
  readonly runs: number
  readonly files: number
  /** When the backup was made. */
  readonly at: string
}

/**
 * Makes a data folder of a backup: beside its place first, and moved there last. A folder that is there stays, and all is made in it: it may be a disk, a
 * link, or lie where only itself may be written.
 *
 * @param home A folder that is not there yet, or empty.
 * @param unpack `unpackBackup` into a folder, here or in another process.
 * @throws UserError; what is not whole leaves nothing.
 */
export async function restore(
  home: string,
  unpack: (folder: string) => Promise<RestoredCounts>,
): Promise<RestoredCounts & { readonly home: string }> {
  const target = path.resolve(home)
  requireEmptyFolder(target)
  const isThere = existsSync(target)
  try {
    makeFolders(path.dirname(target))
    return await inAsideFolder(isThere ? path.join(target, DATABASE) : target, async (aside) => {
      const inside = path.join(aside, path.basename(target))
      mkdirSync(inside, { mode: 0o700 })
      const restored = await unpack(inside)
      requireEmptyFolder(target)
      if (isThere) moveUp(inside, target, DATABASE)
      else {
        rmSync(path.join(target, ENGINE_LOG), { force: true })
        if (existsSync(target)) rmdirSync(target)
        renameSync(inside, target)
      }
      return { home: target, ...restored }
    })
  } catch (error) {
    if (isUserError(error) || !isSystemError(error)) throw error
    throw notRestored(target, error)
  }
}

/** @throws UserError where something is in the folder: a data folder is never written over one that is there. */
export function requireEmptyFolder(folder: string): void {
  // Their log holds nothing that could be lost.
  const names = namesIn(folder).filter((name) => name !== ENGINE_LOG && !isAsideName(name))
  if (names.length === 0) return
  const isData = names.includes(DATABASE)
  throw new UserError(isData ? 'there is a data folder already' : 'the folder is not empty', {
    place: folder,
    remedy: isData ? 'choose another with --home, or move this one away first' : 'choose another, or make one in it',
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return []
    throw new UserError(`this can be no data folder: ${reasonOfAny(error)}`, { place: folder, remedy: 'choose another' })
  }
}

const notRestored = (target: string, error: NodeJS.ErrnoException): UserError =>
  new UserError(`it cannot be restored: ${reasonOf(error)}`, { place: target, remedy: 'make room there, or choose another folder' }) // prettier-ignore

/**
 * Unpacks a backup into an empty folder, holds it against its hashes and looks its store through. What is in the file is not trusted: only names that a
 * backup has, no links, nothing outside of the folder.
 *
 * @param target Where it is to be, which errors name.
 * @throws UserError
 */
export async function unpackBackup(
  file: string,
  folder: string,
  target: string,
  { onBytes = () => undefined, onCheck = () => undefined }: { onBytes?: TellBytes; onCheck?: () => void } = {},
): Promise<RestoredCounts> {
  try {
    const { head, files } = await unpack(file, folder, onBytes)
    onCheck()
    // Looked for, a store is made where none is.
    if (!existsSync(path.join(folder, DATABASE))) throw new UserError('there is no run store in it', { place: file })
    const { problems, runs } = checkStore(folder)
    if (problems[0] !== undefined) throw new UserError(`the run store in it is damaged: ${problems[0]}`, { place: file })
    return { runs, files, at: head.at }
  } catch (error) {
    if (isUserError(error) || !isSystemError(error)) throw error
    throw notRestored(target, error)
  }
}

async function unpack(file: string, folder: string, tell: TellBytes): Promise<{ head: BackupHead; files: number }> {
  const wrong = (what: string): UserError =>
    new UserError(`this is no whole backup of NormLab: ${what}`, {
      place: file,
      remedy: 'use a file that `normlab backup` wrote',
    })
  const tape = tar.extract()
  const source = createReadStream(file)
  source.on('error', (error) => tape.destroy(error))
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  let done = 0
  source.on('data', (piece) => tell((done += piece.length), total))
  source.pipe(tape)
  const found: Record<string, string> = Object.create(null) as Record<string, string>
  let head: BackupHead | undefined
  let hashes: Record<string, string> | undefined
  try {
    for await (const entry of tape as AsyncIterable<Readable & { header: tar.Header }>) {
      const { name, type } = entry.header
      if (head === undefined) {
        if (name !== BACKUP_FILE) throw wrong('it does not begin as one')
        head = headOf(await text(entry, wrong), wrong)
        continue
      }
      if (hashes !== undefined) throw wrong('something follows its end')
      if (name === HASHES_FILE) hashes = hashesOf(await text(entry, wrong), wrong)
      else if (type !== 'file' || !isBackupName(name) || name in found) throw wrong(`“${name.slice(0, 100)}” has no place in it`)
      else found[name] = await write(path.join(folder, ...name.split('/')), entry)
    }
  } catch (error) {
    if (isUserError(error)) throw error
    if (
      isSystemError(error) &&
      (error as NodeJS.ErrnoException).syscall === 'open' &&
      (error as NodeJS.ErrnoException).path === file
    )
      throw new UserError(`the backup cannot be read: ${reasonOf(error)}`, { place: file })
    if (isSystemError(error)) throw error
    throw wrong(error instanceof Error ? error.message : String(error))
  } finally {
    source.destroy()
  }
  if (head === undefined || hashes === undefined) throw wrong('it ends too early')
  const names = Object.keys(hashes)
  for (const name of names) if (found[name] !== hashes[name]) throw wrong(`“${name.slice(0, 100)}” is damaged or missing`)
  if (names.length !== Object.keys(found).length) throw wrong('its list of files is not complete')
  return { head, files: names.length }
}

function headOf(said: string, wrong: (what: string) => UserError): BackupHead {
  const head = BackupHead.safeParse(parsed(said))
  if (!head.success) throw wrong('it is of another kind, or of a newer version')
  if (head.data.store > STORE_VERSION)
    throw wrong(`its store has version ${head.data.store}, this NormLab knows versions up to ${STORE_VERSION}`)
  return head.data
}

function hashesOf(said: string, wrong: (what: string) => UserError): Record<string, string> {
  const hashes = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).safeParse(parsed(said))
  if (!hashes.success) throw wrong('its list of files cannot be read')
  return hashes.data
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said)
  } catch {
    return undefined
  }
}

async function text(entry: Readable, wrong: (what: string) => UserError): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of entry as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_TEXT_BYTES) throw wrong('a list in it is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** @returns the SHA-256 of what was written. */
async function write(file: string, entry: Readable): Promise<string> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  const out = await open(file, 'wx', 0o600)
  try {
    for await (const piece of entry as AsyncIterable<Buffer>) {
      hash.update(piece)
      await out.writeFile(piece)
    }
    await out.sync()
  } finally {
    await out.close()
  }
  return hash.digest('hex')
}
