import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import { readStart } from '../file-start'
import {
  byCodePoints,
  emptyFolders,
  type FileTree,
  HEAD_BYTES,
  SkippedList,
  TREE_LIMITS,
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
  const entries: TreeEntry[] = []
  const skipped = new SkippedList()
  const folders: string[] = []
  let heads = 0

  const walk = (inner: string): void => {
    for (const item of listed(path.join(folder, inner), skipped, inner)) {
      const raw = inner === '' ? item.name : `${inner}/${item.name}`
      const found = treePath(raw)
      if ('why' in found) skipped.add(raw, found.why)
      else if (item.isDirectory()) {
        folders.push(raw)
        walk(raw)
      } else file(raw, item.isSymbolicLink())
    }
  }
  const file = (raw: string, isLink: boolean): void => {
    const full = path.join(folder, raw)
    const stat = fs.statSync(full, { throwIfNoEntry: false })
    if (!stat) return skipped.add(raw, 'a link to nothing')
    if (stat.isDirectory()) return skipped.add(raw, isLink ? 'a link to a folder' : 'a folder')
    if (!stat.isFile()) return skipped.add(raw, 'neither file nor folder')
    if (entries.length >= TREE_LIMITS.entries)
      throw new UserError(`it holds more than ${TREE_LIMITS.entries} files`, { place: folder })
    const head = wantsHead(raw, heads) ? readHead(full) : new Uint8Array(0)
    if (head.length > 0) heads++
    entries.push({ path: raw, bytes: stat.size, head })
  }

  walk('')
  entries.sort((a, b) => byCodePoints(a.path, b.path))
  return {
    place: folder,
    entries,
    skipped: skipped.list(),
    emptyFolders: emptyFolders(folders, entries),

    read: async function* (wanted) {
      for (const { path: inner } of entries) if (wanted.has(inner)) yield readFile(folder, inner)
    },
    close: () => undefined,
  }
}

/** A single file as a tree of one. */
export function openFile(file: string): FileTree {
  const folder = path.dirname(file)
  const name = path.basename(file)
  const stat = fs.statSync(file)
  return {
    place: file,
    entries: [{ path: name, bytes: stat.size, head: readHead(file) }],
    skipped: [],
    emptyFolders: [],

    read: async function* (wanted) {
      if (wanted.has(name)) yield readFile(folder, name)
    },
    close: () => undefined,
  }
}

function listed(folder: string, skipped: SkippedList, inner: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (inner === '') throw new UserError(`the folder cannot be read (${code ?? 'unknown error'})`, { place: folder })
    skipped.add(inner, `it cannot be read (${code ?? 'unknown error'})`)
    return []
  }
}

function readHead(file: string): Uint8Array {
  try {
    return readStart(file, HEAD_BYTES)
  } catch {
    // What cannot be read is told where it is read whole.
    return new Uint8Array(0)
  }
}

function readFile(folder: string, inner: string): TreeFile {
  const file = path.join(folder, inner)
  try {
    if (fs.statSync(file).size > TREE_LIMITS.fileBytes)
      throw new UserError('this file has more than 2 GB', { place: file, remedy: 'split it' })
    return { path: inner, bytes: fs.readFileSync(file) }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`this file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { place: file })
  }
}
