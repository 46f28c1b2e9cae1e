import fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { readStart, unreadable } from '../file-start'
import type { FileTree } from './file-tree'
import { openFile, openFolder } from './folder-tree'
import { openTar } from './tar-tree'
import { openZip } from './zip-tree'
import { gunzipStart, isGzip } from '../gzip'

export type { FileTree, SkippedFile, TreeEntry, TreeFile } from './file-tree'

/** Bytes into a tar at which it says so. */
const TAR_WORD_AT = 257

/**
 * A folder, an archive or a single file as files by name; what it is, its content says.
 *
 * @throws UserError where it is absent or cannot be read.
 */
export async function openTree(source: string): Promise<FileTree> {
  const stat = lookedAt(source)
  if (!stat) throw new UserError('there is no such file or folder', { place: source })
  if (stat.isDirectory()) return openFolder(source)
  if (!stat.isFile()) throw new UserError('this is neither a file nor a folder', { place: source })
  if (stat.size === 0) throw new UserError('this file is empty', { place: source })
  const head = readStart(source, 4096)
  if (isZip(head)) return openZip(source)
  if (isTar(head)) return openTar(source, false)
  if (isGzip(head) && isTar(gunzipStart(head))) return openTar(source, true)
  if (isGzip(head)) requireOnce(gunzipStart(head), source)
  const packing = packingOf(head)
  if (packing !== undefined)
    throw new UserError(`it is packed by ${packing}, which is not read here`, {
      place: source,
      remedy: 'unpack it and import the folder, or pack it as .tar.gz or .zip',
    })
  // Too little is left of it to be known by, and its readers say so.
  if (/\.(tar|tar\.gz|tgz)$/i.test(source)) return openTar(source, isGzip(head))
  if (/\.(zip|npz)$/i.test(source)) return openZip(source)
  return openFile(source)
}

/** What people pack data sets with and we do not unpack. */
const PACKINGS: readonly { readonly name: string; readonly magic: readonly number[] }[] = [
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { name: '7-Zip', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { name: 'RAR', magic: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
  { name: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
]

/** What a file that begins so is packed with, where that is not read here. */
export const packingOf = (head: Uint8Array): string | undefined =>
  PACKINGS.find(({ magic }) => magic.every((byte, i) => head[i] === byte))?.name

/** @throws UserError where what gzip packed is packed itself. */
function requireOnce(unpacked: Uint8Array, place: string): void {
  const again = isGzip(unpacked) ? 'gzip' : isZip(unpacked) ? 'zip' : packingOf(unpacked)
  if (again !== undefined)
    throw new UserError(`it is packed twice, by gzip and within by ${again}`, {
      place,
      remedy: 'unpack it once, and import what comes out',
    })
}

function lookedAt(source: string): fs.Stats | undefined {
  try {
    return fs.statSync(source, { throwIfNoEntry: false })
  } catch (error) {
    throw unreadable(source, error)
  }
}

function isZip(head: Uint8Array): boolean {
  // An .npz is a zip, too; one of nothing is only its end.
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
}

export function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(TAR_WORD_AT, TAR_WORD_AT + 5)).toString('latin1') === 'ustar'
}
