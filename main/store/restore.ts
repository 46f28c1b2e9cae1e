import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import tar from 'tar-stream'
import { z } from 'zod'
import { UserError, isUserError } from '../../shared/errors'
import { isSystemError, reasonOf } from '../files/reasons'
import { BACKUP_FILE, BackupHead, HASHES_FILE, isBackupName } from './backup-format'
import { checkStore } from './check'
import { STORE_VERSION } from './schema'

/** Of the two texts in a backup. */
const MOST_TEXT_BYTES = 256e6

export interface Restored {
  readonly home: string
  readonly runs: number
  readonly files: number
  readonly at: string
}

/**
 * Makes a data folder of a backup. It is unpacked beside its place, held against its hashes, its store looked through, and moved there last:
 * what is not whole leaves nothing. What is in the file is not trusted: only names that a backup has, no links, nothing outside of the folder.
 *
 * @param home A folder that is not there yet, or empty.
 * @throws UserError
 */
export async function restore(file: string, home: string): Promise<Restored> {
  const target = path.resolve(home)
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new UserError('there is a data folder already', {
      place: target,
      remedy: 'choose another with --home, or move this one away first',
    })
  const aside = path.join(path.dirname(target), `.${path.basename(target)}-${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    const { head, files } = await unpack(file, aside)
    const { problems, runs } = checkStore(aside)
    if (problems[0] !== undefined) throw new UserError(`the run store in it is damaged: ${problems[0]}`, { place: file })
    if (existsSync(target)) rmdirSync(target)
    renameSync(aside, target)
    return { home: target, runs, files, at: head.at }
  } catch (error) {
    if (isUserError(error) || !isSystemError(error)) throw error
    throw new UserError(`it cannot be restored: ${reasonOf(error)}`, {
      place: target,
      remedy: 'make room there, or choose another folder',
    })
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

async function unpack(file: string, folder: string): Promise<{ head: BackupHead; files: number }> {
  const wrong = (what: string): UserError =>
    new UserError(`this is no whole backup of NormLab: ${what}`, {
      place: file,
      remedy: 'use a file that `normlab backup` wrote',
    })
  const tape = tar.extract()
  const source = createReadStream(file)
  source.on('error', (error) => tape.destroy(error))
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
