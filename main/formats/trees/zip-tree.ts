import yauzl from 'yauzl'
import { UserError } from '../../../shared/errors'
import { isText } from '../../files/byte-names'
import { Crc32, crc32 } from '../crc32'
import { contentOf, damagedZip, openZipFile } from '../zip-file'
import { bomb, type UnpackingLimit } from './tar-tree'
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

/** Bit of an entry's flags: its name is UTF-8 and not the code page of old PCs. */
const UTF8 = 0x800

/**
 * A zip. Its list is read first, its files from where they lie.
 *
 * @param name What messages call it.
 * @param limit To what it may unpack; that of data sets where absent.
 * @throws UserError where it is damaged, or unpacks to far more than it is.
 */
export async function openZip(file: string, name = file, limit?: UnpackingLimit): Promise<FileTree> {
  const fingerprint = stateOf(file)
  const zip = await open(file, name)
  try {
    const { entries, places, skipped, folders } = await list(zip, name, limit)
    return {
      place: name,
      entries,
      skipped: skipped.list(),
      emptyFolders: emptyFolders(folders, entries),
      fingerprint,
      read: async function* (isWanted) {
        if (stateOf(file) !== fingerprint) throw changed(name)
        yield* readWanted(zip, name, places, isWanted)
        if (stateOf(file) !== fingerprint) throw changed(name)
      },
      stream: async function* (path) {
        if (stateOf(file) !== fingerprint) throw changed(name)
        yield* streamOne(zip, places.get(path)!, `${name}: ${path}`)
      },
      pathOf: () => undefined,
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw damagedZip(error, name)
  }
}

async function open(file: string, name: string): Promise<yauzl.ZipFile> {
  try {
    // Names are taken as bytes: which letters they are is for us to say, and backslashes part folders.
    return await openZipFile(file)
  } catch (error) {
    throw damagedZip(error, name)
  }
}

async function list(
  zip: yauzl.ZipFile,
  file: string,
  limit: UnpackingLimit | undefined,
): Promise<{ entries: TreeEntry[]; places: Map<string, yauzl.Entry>; skipped: SkippedList; folders: string[] }> {
  if (zip.entryCount > TREE_LIMITS.entries) throw tooMany(file)
  const places = new Map<string, yauzl.Entry>()
  const skipped = new SkippedList()
  const folders: string[] = []
  const ratio = limit?.ratio ?? TREE_LIMITS.ratio
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    const raw = nameOf(entry)
    const found = treePath(raw)
    if (/[/\\]$/.test(raw)) {
      if ('path' in found) folders.push(found.path)
      continue
    }
    if ('why' in found) skipped.add(raw, found.why)
    else if (entry.generalPurposeBitFlag & UTF8 && !isText(entry.fileNameRaw)) skipped.add(raw, NO_TEXT)
    else if (isLink(entry)) skipped.add(raw, 'a link')
    else if (entry.isEncrypted())
      throw new UserError('this file is encrypted', {
        place: `${file}: ${found.path}`,
        remedy: 'unpack the archive with its password first',
      })
    else if (!entry.canDecodeFileData()) skipped.add(raw, `packed by method ${entry.compressionMethod}, which is not known here`)
    else {
      unpacked += entry.uncompressedSize
      if (unpacked > ratio * Math.max(zip.fileSize, 2 ** 20)) throw bomb(file, limit)
      if (places.has(found.path)) skipped.add(found.path, REPLACED)
      places.set(found.path, bare(entry))
    }
  }
  const entries: TreeEntry[] = []
  let heads = 0
  for (const [path, entry] of sortByCodePoints([...places], ([name]) => name)) {
    const isKept = wantsHead(path, heads)
    if (isKept) heads++
    entries.push({
      path,
      bytes: entry.uncompressedSize,
      head: isKept ? await firstBytes(zip, entry) : NO_HEAD,
    })
  }
  return { entries, places, skipped, folders }
}

async function* readWanted(
  zip: yauzl.ZipFile,
  file: string,
  places: ReadonlyMap<string, yauzl.Entry>,
  isWanted: (path: string) => boolean,
): AsyncGenerator<TreeFile> {
  const inOrder = [...places]
    .filter(([path]) => isWanted(path))
    .sort(([, a], [, b]) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  for (const [path, entry] of inOrder) {
    if (entry.uncompressedSize > TREE_LIMITS.fileBytes)
      throw new UserError('this file has more than 2 GB', { place: `${file}: ${path}` })
    let bytes: Uint8Array
    try {
      bytes = await gathered(await contentOf(zip, entry), entry.uncompressedSize)
      if (bytes.length < entry.uncompressedSize)
        throw new Error(`it says ${entry.uncompressedSize} bytes and has ${bytes.length}`)
      if (crc32(bytes) !== entry.crc32) throw new Error('its check sum is not that of its content')
    } catch (error) {
      throw damagedZip(error, `${file}: ${path}`)
    }
    yield { path, bytes }
  }
}

async function* streamOne(zip: yauzl.ZipFile, entry: yauzl.Entry, place: string): AsyncGenerator<Uint8Array> {
  const sum = new Crc32()
  let length = 0
  try {
    for await (const piece of (await contentOf(zip, entry)) as AsyncIterable<Uint8Array>) {
      length += piece.length
      if (length > entry.uncompressedSize) throw new Error(`it says ${entry.uncompressedSize} bytes and has more`)
      sum.add(piece)
      yield piece
    }
    if (length < entry.uncompressedSize) throw new Error(`it says ${entry.uncompressedSize} bytes and has ${length}`)
    if (sum.value !== entry.crc32) throw new Error('its check sum is not that of its content')
  } catch (error) {
    throw damagedZip(error, place)
  }
}

async function firstBytes(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Uint8Array> {
  const stream = await contentOf(zip, entry, HEAD_BYTES)
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    if (length >= HEAD_BYTES) break
  }
  stream.destroy()
  return Uint8Array.from(Buffer.concat(pieces).subarray(0, HEAD_BYTES))
}

/** Without its names, comments and dates as bytes, which of a million entries are gigabytes. */
function bare(entry: yauzl.Entry): yauzl.Entry {
  const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, crc32: sum } = entry
  const { compressionMethod, generalPurposeBitFlag } = entry
  return Object.assign(new yauzl.Entry(), {
    ...{ relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, crc32: sum },
    ...{ compressionMethod, generalPurposeBitFlag },
  })
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
