import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import { isText } from '../../files/byte-names'
import { reasonOfAny } from '../../files/reasons'
import { readStart, unreadable } from '../file-start'
import {
  changed,
  emptyFolders,
  type FileTree,
  HEAD_BYTES,
  NO_HEAD,
  NO_TEXT,
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

/**
 * The files of a folder and of the folders in it. Links to files are followed, links to folders are skipped and told, so that a
 * link to a folder above makes no endless walk.
 *
 * @throws UserError where the folder cannot be read.
 */
export function openFolder(folder: string): FileTree {
  const entries: FolderEntry[] = []
  const skipped = new SkippedList()
  const folders: string[] = []
  let heads = 0

  const walk = (inner: string): void => {
    for (const item of listed(path.join(folder, inner), skipped, inner)) {
      const raw = inner === '' ? item.name : `${inner}/${item.name}`
      const found = treePath(raw)
      if ('why' in found) skipped.add(raw, found.why)
      else if (item.isFolder) {
        folders.push(raw)
        walk(raw)
      } else file(raw, item.isLink)
    }
  }
  const file = (raw: string, isLink: boolean): void => {
    const full = path.join(folder, raw)
    const stat = statOf(full)
    if ('why' in stat) return skipped.add(raw, stat.why)
    if (stat.isDirectory()) return skipped.add(raw, isLink ? 'a link to a folder' : 'a folder')
    if (!stat.isFile()) return skipped.add(raw, 'neither file nor folder')
    if (entries.length >= TREE_LIMITS.entries) throw tooMany(folder)
    const head = wantsHead(raw, heads) ? readHead(full) : NO_HEAD
    if (head.length > 0) heads++
    entries.push({ path: raw, bytes: stat.size, head, time: stat.mtimeMs })
  }

  walk('')
  sortByCodePoints(entries, (entry) => entry.path)
  return {
    place: folder,
    entries,
    skipped: skipped.list(),
    emptyFolders: emptyFolders(folders, entries),

    fingerprint: fingerprintOf(entries),
    ...reading(folder, entries),
  }
}

/** What all trees of files on the disk do alike. */
function reading(folder: string, entries: readonly FolderEntry[]): Pick<FileTree, 'read' | 'stream' | 'pathOf' | 'close'> {
  return {
    read: async function* (isWanted) {
      for (const entry of entries) if (isWanted(entry.path)) yield readFile(folder, entry)
    },
    stream: (inner) =>
      streamFile(
        folder,
        entries.find((entry) => entry.path === inner)!,
      ),
    pathOf: (inner) => path.join(folder, inner),
    close: () => undefined,
  }
}

interface FolderEntry extends TreeEntry {
  /** When it was changed last, milliseconds. */
  readonly time: number
}

/** What a path leads to, or why it leads nowhere. */
function statOf(file: string): fs.Stats | { readonly why: string } {
  try {
    return fs.statSync(file, { throwIfNoEntry: false }) ?? { why: 'a link to nothing' }
  } catch (error) {
    return { why: `it cannot be read: ${reasonOfAny(error)}` }
  }
}

/** A single file as a tree of one, which knows what lies beside it. */
export function openFile(file: string): FileTree {
  const folder = path.dirname(file)
  const name = path.basename(file)
  return {
    ...openFiles(folder, [name]),
    place: file,
    fingerprint: stateOf(file),
    beside: {
      names: () => listed(folder, new SkippedList(), '').flatMap((item) => (isPlain(item, name) ? [item.name] : [])),
      with: (paths) => openFiles(folder, [...new Set([name, ...paths])]),
    },
  }
}

function isPlain(item: Listed, but: string): boolean {
  return item.name !== but && !item.isFolder && 'path' in treePath(item.name)
}

/** Some files of a folder, by their paths in it; those that are no files are left out. */
function openFiles(folder: string, paths: readonly string[]): FileTree {
  const entries: FolderEntry[] = []
  for (const inner of paths) {
    const full = path.join(folder, inner)
    const stat = statOf(full)
    if ('why' in stat || !stat.isFile()) continue
    const head = wantsHead(inner, entries.length) ? readHead(full) : NO_HEAD
    entries.push({ path: inner, bytes: stat.size, head, time: stat.mtimeMs })
  }
  sortByCodePoints(entries, (entry) => entry.path)
  return {
    place: folder,
    entries,
    skipped: [],
    emptyFolders: [],
    fingerprint: fingerprintOf(entries),
    ...reading(folder, entries),
  }
}

function fingerprintOf(entries: readonly FolderEntry[]): string {
  const state = createHash('sha256')
  for (const { path: inner, bytes, time } of entries) state.update(`${inner}\0${bytes}\0${time}\0`)
  return state.digest('hex')
}

interface Listed {
  readonly name: string
  readonly isFolder: boolean
  readonly isLink: boolean
}

/** What lies in a folder; names that are no text lead nowhere, and are skipped. */
function listed(folder: string, skipped: SkippedList, inner: string): readonly Listed[] {
  let items: fs.Dirent<Buffer>[]
  try {
    items = fs.readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    if (inner === '') throw unreadable(folder, error)
    skipped.add(inner, `it cannot be read: ${reasonOfAny(error)}`)
    return []
  }
  return items.flatMap((item) => {
    const name = item.name.toString()
    if (isText(item.name)) return [{ name, isFolder: item.isDirectory(), isLink: item.isSymbolicLink() }]
    skipped.add(inner === '' ? name : `${inner}/${name}`, NO_TEXT)
    return []
  })
}

function readHead(file: string): Uint8Array {
  try {
    return readStart(file, HEAD_BYTES)
  } catch {
    // What cannot be read is told where it is read whole.
    return NO_HEAD
  }
}

function readFile(folder: string, { path: inner, bytes: length, time }: FolderEntry): TreeFile {
  const file = path.join(folder, inner)
  if (length > TREE_LIMITS.fileBytes) throw new UserError('this file has more than 2 GB', { place: file, remedy: 'split it' })
  try {
    const descriptor = fs.openSync(file, 'r')
    try {
      const stat = fs.fstatSync(descriptor)
      if (stat.size !== length || stat.mtimeMs !== time) throw changed(file)
      const bytes = fs.readFileSync(descriptor)
      if (bytes.length !== length) throw changed(file)
      return { path: inner, bytes }
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(file, error)
  }
}

/** Bytes of a piece that is read at once. */
const PIECE_BYTES = 2 ** 20

async function* streamFile(folder: string, { path: inner, bytes: length, time }: FolderEntry): AsyncGenerator<Uint8Array> {
  const file = path.join(folder, inner)
  const descriptor = opened(file)
  try {
    const stat = fs.fstatSync(descriptor)
    if (stat.size !== length || stat.mtimeMs !== time) throw changed(file)
    for (let done = 0; done < length;) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, length - done))
      const got = readPiece(file, descriptor, piece, done)
      if (got === 0) throw changed(file)
      done += got
      yield piece.subarray(0, got)
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

function opened(file: string): number {
  try {
    return fs.openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error)
  }
}

function readPiece(file: string, descriptor: number, piece: Uint8Array, at: number): number {
  try {
    return fs.readSync(descriptor, piece, 0, piece.length, at)
  } catch (error) {
    throw unreadable(file, error)
  }
}
