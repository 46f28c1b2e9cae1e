import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { crc32 } from '../../formats/crc32'

/** Ray's head takes 100 MiB of one request; larger data sets are put into the shared folder by hand. */
const MOST_BYTES = 90e6

/** What a grid's jobs find in the folder where they begin. */
export interface Package {
  /** Of what is in it: the same grid is sent once. */
  readonly name: string
  readonly bytes: Buffer
}

/** @param datasets Folders of data sets; what would make the package too large is left out. */
export function packGrid(specification: string, datasets: readonly string[]): Package {
  const entries: Entry[] = [{ name: 'cells.json', bytes: Buffer.from(specification) }]
  let room = MOST_BYTES - entries[0]!.bytes.length
  for (const folder of datasets) {
    const files = filesOf(folder)
    const bytes = files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
    if (bytes > room) continue
    room -= bytes
    for (const file of files)
      entries.push({
        name: ['datasets', path.basename(folder), ...file.split(path.sep)].join('/'),
        bytes: readFileSync(path.join(folder, file)),
      })
  }
  const bytes = zip(entries)
  return { name: `normlab_${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.zip`, bytes }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

interface Entry {
  readonly name: string
  readonly bytes: Buffer
}

/** A zip file (PKWARE APPNOTE 6.3) without times, so that equal files make equal bytes. */
export function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes, { level: 6 })
    const called = Buffer.from(name)
    // Version 2.0, names in UTF-8, deflated, 1 January 1980.
    const common = Buffer.alloc(26)
    for (const [offset, value] of [[0, 20], [2, 0x0800], [4, 8], [8, 0x21]] as const) common.writeUInt16LE(value, offset) // prettier-ignore
    for (const [offset, value] of [[10, crc32(bytes)], [14, packed.length], [18, bytes.length]] as const) common.writeUInt32LE(value, offset) // prettier-ignore
    common.writeUInt16LE(called.length, 22)
    const head = Buffer.concat([word(0x04034b50), common, called])
    const rest = Buffer.alloc(14)
    // A plain file that its owner may write and all may read; where it begins.
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6)
    rest.writeUInt32LE(at, 10)
    // Made on Unix, by version 2.0.
    directory.push(Buffer.concat([word(0x02014b50), Buffer.from([20, 3]), common, rest, called]))
    parts.push(head, packed)
    at += head.length + packed.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...directory, word(0x06054b50), end])
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
