import fs from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import yauzl from 'yauzl'
import { UserError } from '../../shared/errors'
import { clauseOf, isSystemError } from '../files/reasons'
import { unreadable } from './file-start'

/**
 * A zip's list and content, names as bytes. Its owner closes it.
 *
 * @throws Error where it is damaged, also where it tells of places that no file has: the library alone would end the process over
 *   them, as it reads at a place before it looks whether that is one.
 */
export async function openZipFile(path: string): Promise<yauzl.ZipFile> {
  const descriptor = await new Promise<number>((resolve, reject) => {
    fs.open(path, 'r', (error, opened) => (error ? reject(error) : resolve(opened)))
  })
  try {
    const { size } = fs.fstatSync(descriptor)
    return await new Promise((resolve, reject) => {
      const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false }
      yauzl.fromRandomAccessReader(new Places(descriptor, size), size, options, (error, zip) => {
        if (error) reject(error)
        else resolve(zip)
      })
    })
  } catch (error) {
    fs.closeSync(descriptor)
    throw error
  }
}

/** What to tell of a zip whose reader threw: that it is damaged, or that the system does not let us read it. */
export function damagedZip(error: unknown, place: string): UserError {
  if (error instanceof UserError) return error
  if (isSystemError(error)) return unreadable(place, error)
  return new UserError(`this zip is damaged or cut short (${clauseOf(error)})`, { place, remedy: 'fetch it again' })
}

const PIECE_BYTES = 2 ** 16
/** Fewest and most bytes that are unpacked together. Each time another thread is waited for, which takes longer than unpacking 16 kB, as is usual, of what packs well. */
const UNPACKED_BYTES = [2 ** 10, 2 ** 18] as const

/**
 * The content of an entry, unpacked, from front to back.
 *
 * @param wanted Bytes after which whoever reads it may have enough.
 */
export async function contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry, wanted = entry.uncompressedSize): Promise<Readable> {
  if (!entry.isCompressed()) return zip.openReadStreamPromise(entry)
  const packed = await zip.openReadStreamPromise(entry, { decompress: false, decrypt: null, start: null, end: null })
  const [fewest, most] = UNPACKED_BYTES
  const unpacked = createInflateRaw({ chunkSize: Math.min(most, Math.max(fewest, wanted)) })
  // What goes wrong on either side is met by whoever reads.
  return pipeline(packed, unpacked, () => undefined)
}

/** Reads where there is something to read. */
class Places extends yauzl.RandomAccessReader {
  constructor(
    private readonly descriptor: number,
    private readonly size: number,
  ) {
    super()
  }

  /** Not the system's own stream: that closes what it reads from. */
  override _readStreamForRange(start: number, end: number): Readable {
    const { descriptor } = this
    let at = start
    return new Readable({
      read() {
        if (at >= end) return void this.push(null)
        const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at))
        fs.read(descriptor, piece, 0, piece.length, at, (error, got) => {
          at += got
          if (error) this.destroy(error)
          else if (got === 0) this.destroy(new Error('it became shorter while it was read'))
          else this.push(piece.subarray(0, got))
        })
      },
    })
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const isPlace = Number.isSafeInteger(position) && position >= 0 && length >= 0 && position + length <= this.size
    if (!isPlace) {
      setImmediate(() => callback(new Error('it tells of a place that it does not have')))
      return
    }
    fs.read(this.descriptor, buffer, offset, length, position, (error, got) =>
      callback(error ?? (got < length ? new Error('it became shorter while it was read') : null)),
    )
  }

  override close(callback: (error: Error | null) => void): void {
    fs.close(this.descriptor, callback)
  }
}
