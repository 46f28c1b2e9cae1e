import { Crc32 } from './crc32'

/** A zip of files that are not compressed, up to 4 GB: its bytes in pieces. */
export function encodeZip(files: readonly { readonly name: string; readonly pieces: readonly Uint8Array[] }[]): Uint8Array[] {
  const all: Uint8Array[] = []
  const directory: Buffer[] = []
  let at = 0
  const put = (bytes: Uint8Array): void => {
    all.push(bytes)
    at += bytes.length
  }
  for (const { name, pieces } of files) {
    const sum = new Crc32()
    for (const piece of pieces) sum.add(piece)
    const size = pieces.reduce((bytes, piece) => bytes + piece.length, 0)
    const text = Buffer.from(name, 'utf8')
    // Version 2.0, names in UTF-8, stored, 1 January 1980; then sum, both sizes and the name's length.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(sum.value, 10)
    common.writeUInt32LE(size, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(text.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, text)
    for (const bytes of [Buffer.from('PK\x03\x04', 'latin1'), common, text, ...pieces]) put(bytes)
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
