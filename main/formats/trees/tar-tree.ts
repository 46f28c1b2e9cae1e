import fs from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip, type Gunzip } from 'node:zlib'
import tar from 'tar-stream'
import { UserError } from '../../../shared/errors'
import { clauseOf, isSystemError } from '../../files/reasons'
import { unreadable } from '../file-start'
import {
  changed,
  emptyFolders,
  type FileTree,
  gathered,
  HEAD_BYTES,
  NO_HEAD,
  NO_TEXT,
  REPLACED,
  SkippedList,
  sortByCodePoints,
  stateOf,
  TREE_LIMITS,
  tooMany,
  treePath,
  type TreeEntry,
  type TreeFile,
  wantsHead,
} from './file-tree'

/** Bytes of a tar's block; it ends with two of zeros, and is taken with one. */
const BLOCK = 512

/**
 * A tar, packed by gzip or not. It is read from front to back, once for its list and once for each `read`; nothing is unpacked
 * to the disk.
 *
 * @throws UserError where it is damaged, cut short, or unpacks to far more than it is.
 */
export async function openTar(file: string, isGzip: boolean): Promise<FileTree> {
  const fingerprint = stateOf(file)
  const entries = new Map<string, TarEntry>()
  const skipped = new SkippedList()
  const folders: string[] = []
  let heads = 0
  let place = 0
  for await (const { header, content } of walk(file, isGzip)) {
    place++
    const why = refusal(header)
    const found = treePath(header.name)
    if (header.type === 'directory') {
      if ('path' in found) folders.push(found.path)
      continue
    }
    if (why !== undefined || 'why' in found) {
      skipped.add(header.name, why ?? (found as { why: string }).why)
      continue
    }
    if (entries.size >= TREE_LIMITS.entries) throw tooMany(file)
    const isKept = wantsHead(found.path, heads)
    const head = isKept ? await attempt(`${file}: ${found.path}`, () => firstBytes(content)) : NO_HEAD
    if (isKept) heads++
    if (entries.has(found.path)) skipped.add(found.path, REPLACED)
    entries.set(found.path, { path: found.path, bytes: header.size ?? 0, head, place })
  }
  return {
    place: file,
    entries: sortByCodePoints([...entries.values()], ({ path }) => path),
    skipped: skipped.list(),
    emptyFolders: emptyFolders(folders, entries.values()),
    fingerprint,
    read: (isWanted) => readWanted(file, isGzip, fingerprint, entries, isWanted),
    stream: (path) => streamOne(file, isGzip, fingerprint, entries.get(path)!),
    pathOf: () => undefined,
    close: () => undefined,
  }
}

interface TarEntry extends TreeEntry {
  /** Which entry of the archive it is: one name may stand in it twice. */
  readonly place: number
}

async function* readWanted(
  file: string,
  isGzip: boolean,
  fingerprint: string,
  entries: ReadonlyMap<string, TarEntry>,
  isWanted: (path: string) => boolean,
): AsyncGenerator<TreeFile> {
  if (stateOf(file) !== fingerprint) throw changed(file)
  let place = 0
  for await (const { header, content } of walk(file, isGzip)) {
    place++
    const found = treePath(header.name)
    if ('why' in found || entries.get(found.path)?.place !== place || !isWanted(found.path)) continue
    if ((header.size ?? 0) > TREE_LIMITS.fileBytes)
      throw new UserError('this file has more than 2 GB', { place: `${file}: ${found.path}` })
    const bytes = await attempt(`${file}: ${found.path}`, () => gathered(content, header.size ?? 0))
    yield { path: found.path, bytes }
  }
  if (stateOf(file) !== fingerprint) throw changed(file)
}

async function* streamOne(file: string, isGzip: boolean, fingerprint: string, wanted: TarEntry): AsyncGenerator<Uint8Array> {
  if (stateOf(file) !== fingerprint) throw changed(file)
  let place = 0
  for await (const { content } of walk(file, isGzip)) {
    if (++place !== wanted.place) continue
    try {
      for await (const piece of content) yield piece as Uint8Array
    } catch (error) {
      throw damage(error, `${file}: ${wanted.path}`)
    }
    break
  }
  if (stateOf(file) !== fingerprint) throw changed(file)
}

/** Why an entry is none of the data: links lead elsewhere, devices are no files. */
function refusal({ type, name }: tar.Header): string | undefined {
  if (name.includes('\ufffd')) return NO_TEXT
  if (type === 'file' || type === 'contiguous-file' || type === 'directory') return undefined
  return type === 'symlink' || type === 'link' ? 'a link' : 'neither file nor folder'
}

interface Walked {
  readonly header: tar.Header
  readonly content: AsyncIterable<unknown>
}

async function* walk(file: string, isGzip: boolean): AsyncGenerator<Walked> {
  const extract = tar.extract()
  const source = fs.createReadStream(file, { highWaterMark: 2 ** 20 })
  const limit = TREE_LIMITS.ratio * Math.max(fs.statSync(file).size, 2 ** 20)
  const guard = (error: Error | null): void => {
    if (error) extract.destroy(error)
  }
  const unpacked = isGzip ? createGunzip({ chunkSize: 2 ** 18 }) : source
  let bytes = 0
  let end: Buffer = Buffer.alloc(0)
  unpacked.on('data', (piece: Buffer) => {
    bytes += piece.length
    end = piece.length < BLOCK ? Buffer.concat([end, piece]).subarray(-BLOCK) : piece.subarray(-BLOCK)
    if (bytes > limit) unpacked.destroy(bomb(file))
  })
  if (unpacked === source) pipeline(source, extract, guard)
  else pipeline(source, unpacked as Gunzip, extract, guard)
  try {
    for await (const entry of extract as AsyncIterable<AsyncIterable<unknown> & { header: tar.Header; resume(): void }>) {
      yield { header: entry.header, content: entry }
      entry.resume()
    }
  } catch (error) {
    throw damage(error, file)
  } finally {
    source.destroy()
  }
  // Whoever cuts between two files leaves a whole tar but for this.
  if (end.length < BLOCK || end.some((byte) => byte !== 0))
    throw new UserError('this archive ends without the mark of a tar’s end: it is cut short', {
      place: file,
      remedy: 'fetch it again, or unpack it yourself and import the folder',
    })
}

/** What the archive's readers throw where one file's content is asked of them: each has its own words for it. */
async function attempt<T>(place: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw damage(error, place)
  }
}

function damage(error: unknown, place: string): UserError {
  if (error instanceof UserError) return error
  if (isSystemError(error)) return unreadable(place, error)
  return new UserError(`this archive is damaged or cut short (${clauseOf(error)})`, {
    place,
    remedy: 'fetch it again',
  })
}

/** How many times as large as it is an archive may unpack, and what to do about one that is larger. */
export interface UnpackingLimit {
  readonly ratio: number
  readonly remedy: string
}

export function bomb(
  file: string,
  { ratio, remedy }: UnpackingLimit = {
    ratio: TREE_LIMITS.ratio,
    remedy: 'unpack it yourself and import the folder, if you trust it',
  },
): UserError {
  return new UserError(`this archive unpacks to more than ${ratio} times its size`, { place: file, remedy })
}

async function firstBytes(content: AsyncIterable<unknown>): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of content) {
    if (length < HEAD_BYTES) pieces.push((piece as Buffer).subarray(0, HEAD_BYTES - length))
    length += (piece as Buffer).length
  }
  return Buffer.concat(pieces)
}
