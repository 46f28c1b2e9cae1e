import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { UserError } from '../../../shared/errors'
import { bomb } from './tar-tree'
import {
  byCodePoints,
  emptyFolders,
  type FileTree,
  HEAD_BYTES,
  SkippedList,
  TREE_LIMITS,
  treePath,
  type TreeEntry,
  wantsHead,
} from './file-tree'

/** Bit of an entry's flags: its name is UTF-8 and not the code page of old PCs. */
const UTF8 = 0x800

/**
 * A zip. Its list is read first, its files from where they lie.
 *
 * @throws UserError where it is damaged, or unpacks to far more than it is.
 */
export async function openZip(file: string): Promise<FileTree> {
  const zip = await open(file)
  try {
    const { entries, places, skipped, folders } = await list(zip, file)
    return {
      place: file,
      entries,
      skipped: skipped.list(),
      emptyFolders: emptyFolders(folders, entries),
      read: (wanted) => readWanted(zip, file, places, wanted),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw damage(error, file)
  }
}

function open(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are taken as bytes: which letters they are is for us to say, and backslashes part folders.
    yauzl.open(file, { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false }, (error, zip) => {
      if (error) reject(damage(error, file))
      else resolve(zip)
    })
  })
}

async function list(
  zip: yauzl.ZipFile,
  file: string,
): Promise<{ entries: TreeEntry[]; places: Map<string, yauzl.Entry>; skipped: SkippedList; folders: string[] }> {
  if (zip.entryCount > TREE_LIMITS.entries)
    throw new UserError(`it holds more than ${TREE_LIMITS.entries} files`, { place: file })
  const places = new Map<string, yauzl.Entry>()
  const skipped = new SkippedList()
  const folders: string[] = []
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    const raw = nameOf(entry)
    const found = treePath(raw)
    if (/[/\\]$/.test(raw)) {
      if ('path' in found) folders.push(found.path)
      continue
    }
    if ('why' in found) skipped.add(raw, found.why)
    else if (isLink(entry)) skipped.add(raw, 'a link')
    else if (entry.isEncrypted())
      throw new UserError('this file is encrypted', {
        place: `${file}: ${found.path}`,
        remedy: 'unpack the archive with its password first',
      })
    else if (!entry.canDecodeFileData()) skipped.add(raw, `packed by method ${entry.compressionMethod}, which is not known here`)
    else {
      unpacked += entry.uncompressedSize
      if (unpacked > TREE_LIMITS.ratio * Math.max(zip.fileSize, 2 ** 20)) throw bomb(file)
      places.set(found.path, entry)
    }
  }
  const entries: TreeEntry[] = []
  let heads = 0
  for (const [path, entry] of [...places].sort(([a], [b]) => byCodePoints(a, b))) {
    const isKept = wantsHead(path, heads)
    if (isKept) heads++
    entries.push({
      path,
      bytes: entry.uncompressedSize,
      head: isKept ? await content(zip, entry, HEAD_BYTES) : new Uint8Array(0),
    })
  }
  return { entries, places, skipped, folders }
}

async function* readWanted(
  zip: yauzl.ZipFile,
  file: string,
  places: ReadonlyMap<string, yauzl.Entry>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  const inOrder = [...places]
    .filter(([path]) => wanted.has(path))
    .sort(([, a], [, b]) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  for (const [path, entry] of inOrder) {
    if (entry.uncompressedSize > TREE_LIMITS.fileBytes)
      throw new UserError('this file has more than 2 GB', { place: `${file}: ${path}` })
    try {
      yield { path, bytes: await content(zip, entry, Infinity) }
    } catch (error) {
      throw damage(error, `${file}: ${path}`)
    }
  }
}

/** The first bytes of a file, or all. */
async function content(zip: yauzl.ZipFile, entry: yauzl.Entry, most: number): Promise<Uint8Array> {
  const stream: Readable = await zip.openReadStreamPromise(entry)
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    if (length >= most || length > entry.uncompressedSize) break
  }
  stream.destroy()
  if (length > entry.uncompressedSize || (most === Infinity && length < entry.uncompressedSize))
    throw new Error(`it says ${entry.uncompressedSize} bytes and has ${length > entry.uncompressedSize ? 'more' : length}`)
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  return most === Infinity ? bytes : bytes.subarray(0, most)
}

function isLink({ externalFileAttributes, versionMadeBy }: yauzl.Entry): boolean {
  const isUnix = versionMadeBy >> 8 === 3
  return isUnix && ((externalFileAttributes >>> 16) & 0xf000) === 0xa000
}

/** Without the flag of UTF-8 a name is code page 437, unless it came with a Unicode name beside it. */
function nameOf(entry: yauzl.Entry): string {
  const raw = entry.fileNameRaw
  if (entry.generalPurposeBitFlag & UTF8) return raw.toString('utf8')
  return yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
}

function damage(error: unknown, place: string): UserError {
  if (error instanceof UserError) return error
  return new UserError(`this zip is damaged or cut short (${(error as Error).message.slice(0, 80)})`, {
    place,
    remedy: 'fetch it again',
  })
}
