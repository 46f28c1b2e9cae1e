import fs from 'node:fs'
import { UserError } from '../../../shared/errors'

/** Files by name, wherever they lie: in a folder, a zip or a tar. Everything that is told of them is checked before. */
export interface FileTree {
  /** As messages call it. */
  readonly place: string
  /** In the code-point order of their paths. */
  readonly entries: readonly TreeEntry[]
  readonly skipped: readonly SkippedFile[]
  /** Folders in which no file lies, at any depth. */
  readonly emptyFolders: readonly string[]
  /** Tells two states of the source apart: names, lengths and times of its files, or length and time of the archive. */
  readonly fingerprint: string
  /**
   * Reads files in the order in which that is quickest, one after the other.
   *
   * @throws UserError where a file is damaged, larger than it said, or another than when the tree was opened.
   */
  read(isWanted: (path: string) => boolean): AsyncIterable<TreeFile>
  /**
   * The content of one file from front to back, without a bound on its length; whoever has enough stops taking.
   *
   * @throws UserError as `read`.
   */
  stream(path: string): AsyncIterable<Uint8Array>
  /** Where a file lies by itself on the disk, so that it can be read in parts; undefined within an archive. */
  pathOf(path: string): string | undefined
  /** Of a single file on the disk: what lies in its folder. */
  readonly beside?: Beside
  close(): void
}

export interface Beside {
  /** Files of the same folder, without it itself. */
  names(): string[]
  /** A tree of the file and others, paths from its folder; those that are not there are left out. */
  with(paths: readonly string[]): FileTree
}

export interface TreeEntry {
  /** Relative, parted by `/`: `train/cat/0001.png`. */
  readonly path: string
  readonly bytes: number
  /** The first bytes, for the kinds that are known by them; of the first files that are no pictures by name. */
  readonly head: Uint8Array
}

export interface TreeFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface SkippedFile {
  readonly path: string
  /** One clause: `a link`. */
  readonly why: string
}

/** What a tree may come to; beyond it, it is refused with a sentence. */
export const TREE_LIMITS = {
  /** Files: the list of a million takes about a gigabyte, and what makes a set of them holds it whole. */
  entries: 3_000_000,
  /** Of one file that is read whole. */
  fileBytes: 2 ** 31 - 1,
  /** Letters of a path. */
  path: 2_000,
  /** An archive's content over its own size; images are packed already, text and arrays of zeros reach some hundreds. */
  ratio: 2_000,
  /** Paths that are told one by one in `skipped`; more are counted. */
  skipped: 10_000,
} as const

/** What is told of a source that holds more files than may be listed. */
export function tooMany(place: string): UserError {
  return new UserError(`it holds more than ${TREE_LIMITS.entries.toLocaleString('en-US')} files`, {
    place,
    remedy: 'pack the pictures as Parquet, .npy or IDX, which are read piece by piece',
  })
}

/** The head of files that are known by their names. */
export const NO_HEAD = new Uint8Array(0)

/** Bytes of `TreeEntry.head`. */
export const HEAD_BYTES = 512
/** Bytes from which on a file is gathered in one array. */
const LARGE = 2 ** 20
/** Files whose first bytes are kept: data sets in few files are known by them, folders of pictures by their names. */
const MOST_HEADS = 2_000

const PICTURE_NAME = /\.(jpe?g|png|webp|bmp|gif|ppm|pgm|tiff?)$/i

export function wantsHead(path: string, heads: number): boolean {
  return heads < MOST_HEADS && !PICTURE_NAME.test(path)
}

/** Collects what is skipped, and only counts it once there is too much of it. */
export class SkippedList {
  readonly files: SkippedFile[] = []
  private more = 0

  add(path: string, why: string): void {
    if (this.files.length < TREE_LIMITS.skipped) this.files.push({ path: path.slice(0, 300), why })
    else this.more++
  }

  list(): readonly SkippedFile[] {
    return this.more === 0 ? this.files : [...this.files, { path: `${this.more} more`, why: 'not listed one by one' }]
  }
}

/** A path out of an archive or folder as it is used here, or why it is not. */
export function treePath(raw: string): { readonly path: string } | { readonly why: string } {
  const parts = raw.replace(/\\/g, '/').split('/')
  const kept = parts.filter((part) => part !== '' && part !== '.')
  if (/^[/\\]|^[A-Za-z]:/.test(raw)) return { why: 'its path is absolute' }
  if (kept.includes('..')) return { why: 'its path leads out of the archive' }
  if (raw.includes('\0')) return { why: 'its name holds a zero' }
  if (raw.length > TREE_LIMITS.path) return { why: `its path has more than ${TREE_LIMITS.path} letters` }
  if (kept.length === 0) return { why: 'it has no name' }
  if (kept.some(isHidden)) return { why: 'hidden' }
  return { path: kept.join('/') }
}

/** What systems and tools leave beside the user's files. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX' || /^(thumbs\.db|desktop\.ini)$/i.test(name)
}

/** Why a file of an archive is left out where another of its name, or one that comes to it, stands behind it: as those who unpack have it. */
export const REPLACED = 'a later file has its name'
/** Names of other letters would come to be one. */
export const NO_TEXT = 'its name is not UTF-8'

/** In the code-point order of a text. */
export function sortByCodePoints<T>(list: T[], textOf: (item: T) => string): T[] {
  // Without surrogates it is the order of the units, which the engine compares much faster.
  const isPlain = !list.some((item) => /[\ud800-\udfff]/.test(textOf(item)))
  if (!isPlain) return list.sort((a, b) => byCodePoints(textOf(a), textOf(b)))
  return list.sort((a, b) => {
    const [left, right] = [textOf(a), textOf(b)]
    return left < right ? -1 : left > right ? 1 : 0
  })
}

/** By code points, as Python sorts text: UTF-16 would put U+FFxx behind what lies beyond it. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left === right) continue
    const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

/** Of all folders those in which no file lies. */
export function emptyFolders(folders: Iterable<string>, files: Iterable<{ readonly path: string }>): string[] {
  const filled = new Set<string>()
  for (const { path } of files)
    for (let end = path.lastIndexOf('/'); end > 0 && !filled.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1))
      filled.add(path.slice(0, end))
  return [...new Set(folders)].filter((folder) => !filled.has(folder)).sort(byCodePoints)
}

/** The content of a file. @param bytes How long it says that it is. @throws Error where it is longer. */
export async function gathered(content: AsyncIterable<unknown>, bytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  let whole: Uint8Array | undefined
  for await (const piece of content as AsyncIterable<Uint8Array>) {
    if (length + piece.length > bytes) throw new Error(`it says ${bytes} bytes and has more`)
    // One array from the start for large files, so that there are never two copies.
    if (bytes > LARGE) (whole ??= new Uint8Array(bytes)).set(piece, length)
    else pieces.push(piece)
    length += piece.length
  }
  if (whole) return whole.subarray(0, length)
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

/** What is told where the source is another than when it was looked at. */
export function changed(place: string): UserError {
  return new UserError('it was changed while it was read', {
    place,
    remedy: 'wait until nothing writes to it, and import it again',
  })
}

/** Length and time of a file, as the fingerprint of an archive. @throws UserError where it is gone. */
export function stateOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) throw new UserError('it is no longer there', { place: file, remedy: 'bring it back and import it again' })
  return `${stat.size}-${stat.mtimeMs}`
}
