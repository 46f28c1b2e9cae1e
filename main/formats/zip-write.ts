import { deflateRawSync } from 'node:zlib'
import { Crc32 } from './crc32'

export interface ZipFile {
  readonly name: string
  readonly pieces: readonly Uint8Array[]
  /** Stored as it is unless told. */
  readonly isDeflated?: boolean
}

/** A zip (PKWARE APPNOTE 6.3) of up to 4 GB: its bytes in pieces. It has no times, so that equal files make equal bytes. */
export function encodeZip(files: readonly ZipFile[]): Uint8Array[] {
  const all: Uint8Array[] = []
  const directory: Buffer[] = []
  let at = 0
  const put = (bytes: Uint8Array): void => {
    all.push(bytes)
    at += bytes.length
  }
  for (const { name, pieces, isDeflated = false } of files) {
    const sum = new Crc32()
    for (const piece of pieces) sum.add(piece)
    const size = lengthOf(pieces)
    const packed = isDeflated ? [deflateRawSync(Buffer.concat(pieces), { level: 6 })] : pieces
    const text = Buffer.from(name, 'utf8')
    // Version 2.0, names in UTF-8, the method, 1 January 1980; then sum, both sizes and the name's length.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(isDeflated ? 8 : 0, 4)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(sum.value, 10)
    common.writeUInt32LE(lengthOf(packed), 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(text.length, 22)
    const place = Buffer.alloc(14)
    // A plain file that its owner may write and all may read; where it begins.
    place.writeUInt32LE((0o100644 << 16) >>> 0, 6)
    place.writeUInt32LE(at, 10)
    // Made on Unix, by version 2.0.
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, place, text)
    for (const bytes of [Buffer.from('PK\x03\x04', 'latin1'), common, text, ...packed]) put(bytes)
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return [...all, list, end]
}

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((bytes, piece) => bytes + piece.length, 0)
