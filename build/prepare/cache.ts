import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { cacheFolder } from '../../main/resources'
import { UserError } from '../../shared/errors'
import { withLock } from '../lock'
import { megabytes } from './progress'

/** What is made once and kept. */
export interface CacheEntry {
  /** The folder's name; it says everything that the content depends on. */
  readonly name: string
  /** Bytes that the making needs at its peak. */
  readonly peakBytes: number
  /** True where a folder of this name is whole. Must be quick. */
  readonly isWhole: (folder: string) => boolean
  /** Fills an empty folder. What it throws is shown as it is, and the folder is removed. */
  readonly make: (folder: string) => Promise<void>
}

/**
 * Returns the entry's folder, making it first where it is missing. The folder is made aside and renamed, by one process at
 * a time, so nobody ever sees half of it; a process that dies leaves nothing that the next one would not clear away.
 * @throws UserError where there is no space, no permission, or the making failed.
 */
export async function cached(entry: CacheEntry): Promise<string> {
  const cache = cacheFolder()
  const folder = path.join(cache, entry.name)
  if (entry.isWhole(folder)) return folder
  try {
    await makeFolder(cache)
    await withLock(path.join(cache, `.${entry.name}.lock`), `preparing ${entry.name}`, async () => {
      if (!entry.isWhole(folder)) await makeAside(cache, entry)
    })
  } catch (error) {
    throw explained(error, cache, entry)
  }
  return folder
}

/** Node says ENOENT where a folder cannot be made because the disk is read-only. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? Object.assign(error, { code: 'EROFS' }) : error
  })
}

async function makeAside(cache: string, entry: CacheEntry): Promise<void> {
  const prefix = `.making-${entry.name}-`
  for (const name of await readdir(cache)) {
    if (name.startsWith(prefix)) await rm(path.join(cache, name), { recursive: true, force: true })
  }
  await requireSpace(cache, entry)
  const aside = path.join(cache, prefix + process.pid)
  await mkdir(aside)
  try {
    await entry.make(aside)
    const folder = path.join(cache, entry.name)
    await rm(folder, { recursive: true, force: true })
    await rename(aside, folder)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

async function requireSpace(cache: string, entry: CacheEntry): Promise<void> {
  const disk = await statfs(cache)
  const free = disk.bavail * disk.bsize
  if (free < entry.peakBytes) {
    throw noSpace(cache, `${megabytes(entry.peakBytes)} are needed to make ${entry.name}, ${megabytes(free)} are free`)
  }
}

/** Gives the file system's refusals their sentence; whatever else went wrong has its own already. */
function explained(error: unknown, cache: string, entry: CacheEntry): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return noSpace(cache, `the disk filled up while ${entry.name} was made`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new UserError('the cache folder cannot be written', {
      place: cache,
      remedy: 'give yourself the right to write there, or set NORMLAB_CACHE to another folder',
    })
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new UserError('a file is where the cache folder should be', {
      place: cache,
      remedy: 'move the file, or set NORMLAB_CACHE to another folder',
    })
  }
  return error
}

function noSpace(cache: string, problem: string): UserError {
  return new UserError(problem, { place: cache, remedy: 'free some space, or set NORMLAB_CACHE to a folder on another disk' })
}

/** True where every one of the files is in the folder. */
export function hasFiles(folder: string, files: readonly string[]): boolean {
  return files.every((file) => existsSync(path.join(folder, file)))
}
