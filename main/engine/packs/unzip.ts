import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/**
 * Reads zip files (wheels are zip files; PKWARE APPNOTE 6.3) that are known to the byte. Only what wheels use: stored or deflated entries, and the
 * 32-bit directory.
 */

interface Entry {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  /** Of what comes out. */
  readonly bytes: number
  readonly headerOffset: number
  readonly mode: number
}

/** Where the zip lies. */
export interface ZipPlace {
  readonly file: string
  /** Where it begins and how long it is, bytes; the whole file where they are not said. */
  readonly start?: number
  readonly length?: number
}

export interface Unzipped {
  /** Relative to the folder. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** From an entry's name to its file, relative to the folder, or undefined to leave it out. */
export type PlaceOf = (name: string) => string | undefined

export interface UnzipOptions {
  /** Ends it, between two pieces. */
  readonly signal?: AbortSignal | undefined
  /** Hears of each piece that was written. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

const [END_SIGNATURE, ENTRY_SIGNATURE] = [0x06054b50, 0x02014b50]
const [STORED, DEFLATED] = [0, 8]

/** Extracts the entries that `place` gives a path to. @returns the files written. */
export async function unzip(
  zip: string | ZipPlace,
  folder: string,
  place: PlaceOf,
  options: UnzipOptions = {},
): Promise<Unzipped[]> {
  return withZip(zip, async (archive) => {
    const written: Unzipped[] = []
    for (const entry of await archive.wanted(place)) {
      options.signal?.throwIfAborted()
      const out = path.resolve(folder, entry.target)
      if (!out.startsWith(path.resolve(folder) + path.sep)) throw new Error(`${archive.file}: ${entry.name} leaves the folder`)
      await mkdir(path.dirname(out), { recursive: true })
      written.push({ name: entry.target, bytes: entry.bytes, sha256: await archive.extract(entry, out, options) })
    }
    return written
  })
}

/** Bytes that `unzip` would write. */
export function unzippedBytes(zip: string | ZipPlace, place: PlaceOf): Promise<number> {
  return withZip(zip, async (archive) => (await archive.wanted(place)).reduce((sum, { bytes }) => sum + bytes, 0))
}

async function withZip<T>(zip: string | ZipPlace, work: (archive: Archive) => Promise<T>): Promise<T> {
  const { file, start = 0, length }: ZipPlace = typeof zip === 'string' ? { file: zip } : zip
  const handle = await open(file)
  try {
    return await work(new Archive(handle, file, start, length ?? (await handle.stat()).size - start))
  } finally {
    await handle.close()
  }
}

class Archive {
  constructor(
    private readonly handle: FileHandle,
    readonly file: string,
    private readonly start: number,
    private readonly length: number,
  ) {}

  async wanted(place: PlaceOf): Promise<(Entry & { readonly target: string })[]> {
    return (await this.directory()).flatMap((entry) => {
      const target = entry.name.endsWith('/') ? undefined : place(entry.name)
      return target === undefined ? [] : [{ ...entry, target }]
    })
  }

  private async directory(): Promise<Entry[]> {
    const tail = await this.read(Math.max(0, this.length - 65_557), Math.min(this.length, 65_557))
    let end = tail.length - 22
    while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1
    if (end < 0) throw new Error('not a zip file')
    const count = tail.readUInt16LE(end + 10)
    const directory = await this.read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
    const entries: Entry[] = []
    for (let at = 0, i = 0; i < count; i++) {
      if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error('the zip directory is damaged')
      const lengths = [28, 30, 32].map((place) => directory.readUInt16LE(at + place))
      const [name, extra, comment] = lengths as [number, number, number]
      entries.push({
        name: directory.toString('utf8', at + 46, at + 46 + name),
        method: directory.readUInt16LE(at + 10),
        compressedBytes: directory.readUInt32LE(at + 20),
        bytes: directory.readUInt32LE(at + 24),
        headerOffset: directory.readUInt32LE(at + 42),
        mode: directory.readUInt32LE(at + 38) >>> 16,
      })
      at += 46 + name + extra + comment
    }
    return entries
  }

  /** @returns the SHA-256 of what was written. */
  async extract(entry: Entry, out: string, { signal, onBytes }: UnzipOptions): Promise<string> {
    const header = await this.read(entry.headerOffset, 30)
    const start = this.start + entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
    const mode = entry.mode & 0o100 ? 0o755 : 0o644
    const hash = createHash('sha256')
    if (entry.compressedBytes === 0) {
      await (await open(out, 'w', mode)).close()
      return hash.digest('hex')
    }
    const source = createReadStream(this.file, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 })
    const target = createWriteStream(out, { mode })
    const seen = new Transform({
      transform(piece: Buffer, _, done) {
        hash.update(piece)
        onBytes?.(piece.length)
        done(null, piece)
      },
    })
    const options = { signal }
    if (entry.method === DEFLATED) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), seen, target, options)
    else if (entry.method === STORED) await pipeline(source, seen, target, options)
    else throw new Error(`${entry.name}: zip method ${entry.method} is not known`)
    return hash.digest('hex')
  }

  private async read(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(length), 0, length, this.start + position)
    if (bytesRead !== length) throw new Error('the zip file ends too early')
    return buffer
  }
}
