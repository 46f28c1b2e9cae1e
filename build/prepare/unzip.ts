import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/**
 * Reads zip files (wheels are zip files; PKWARE APPNOTE 6.3). Only what wheels use: stored or deflated entries, and the
 * 32-bit directory.
 */

interface Entry {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  readonly headerOffset: number
  readonly mode: number
}

const [END_SIGNATURE, ENTRY_SIGNATURE] = [0x06054b50, 0x02014b50]
const [STORED, DEFLATED] = [0, 8]

/**
 * Extracts the entries that `place` gives a path to.
 * @param place From an entry's name to its file, relative to `folder`, or undefined to leave it out.
 * @returns The files written, relative to `folder`.
 */
export async function unzip(file: string, folder: string, place: (name: string) => string | undefined): Promise<string[]> {
  const archive = await open(file)
  const written: string[] = []
  try {
    for (const entry of await readDirectory(archive)) {
      const target = entry.name.endsWith('/') ? undefined : place(entry.name)
      if (target === undefined) continue
      const out = path.resolve(folder, target)
      if (!out.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${file}: ${entry.name} leaves the folder`)
      await mkdir(path.dirname(out), { recursive: true })
      await extract(archive, file, entry, out)
      written.push(target)
    }
  } finally {
    await archive.close()
  }
  return written
}

async function readDirectory(archive: FileHandle): Promise<Entry[]> {
  const { size } = await archive.stat()
  const tail = await read(archive, Math.max(0, size - 65_557), Math.min(size, 65_557))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1
  if (end < 0) throw new Error('not a zip file')
  const count = tail.readUInt16LE(end + 10)
  const directory = await read(archive, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries: Entry[] = []
  for (let at = 0, i = 0; i < count; i++) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error('the zip directory is damaged')
    const [name, extra, comment] = [
      directory.readUInt16LE(at + 28),
      directory.readUInt16LE(at + 30),
      directory.readUInt16LE(at + 32),
    ]
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + name),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
      mode: directory.readUInt32LE(at + 38) >>> 16,
    })
    at += 46 + name + extra + comment
  }
  return entries
}

async function extract(archive: FileHandle, file: string, entry: Entry, out: string): Promise<void> {
  const header = await read(archive, entry.headerOffset, 30)
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const mode = entry.mode & 0o100 ? 0o755 : 0o644
  if (entry.compressedBytes === 0) return (await open(out, 'w', mode)).close()
  const source = createReadStream(file, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 })
  const target = createWriteStream(out, { mode })
  if (entry.method === DEFLATED) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), target)
  else if (entry.method === STORED) await pipeline(source, target)
  else throw new Error(`${entry.name}: zip method ${entry.method} is not known`)
}

async function read(archive: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await archive.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw new Error('the zip file ends too early')
  return buffer
}
