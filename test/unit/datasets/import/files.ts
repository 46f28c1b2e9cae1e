import { crc32 } from '../../../../main/formats/crc32'

/** Small files of images and labels, as other programs write them. */

/** LeCun's form, of bytes. */
export function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, 8, shape.length])
  shape.forEach((side, i) => head.writeUInt32BE(side, 4 + 4 * i))
  return Buffer.concat([head, Buffer.from(values)])
}

/** numpy's form, version 1. @param word Of its elements: bytes, or singles. */
export function npy(word: '|u1' | '<f4', shape: readonly number[], values: readonly number[]): Uint8Array {
  const text = `{'descr': '${word}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const header = Buffer.from(`${text.padEnd(117)}\n`, 'latin1')
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8])
  const elements = word === '|u1' ? Buffer.from(values) : Buffer.from(Float32Array.from(values).buffer)
  return Buffer.concat([start, header, elements])
}

/** A zip of files as they are. @param method Of each by its name what the list says that it is packed by; 0, not at all, where absent. */
export function zip(files: Readonly<Record<string, Uint8Array>>, method: Readonly<Record<string, number>> = {}): Uint8Array {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const [name, bytes] of Object.entries(files)) {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(method[name] ?? 0, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(bytes.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const own = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, Buffer.from(name), bytes])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), Buffer.from([20, 0]), fields, rest, Buffer.from(name)]))
    parts.push(own)
    at += own.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(list.length, 4)
  end.writeUInt16LE(list.length, 6)
  end.writeUInt32LE(Buffer.concat(list).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...list, Buffer.from('PK\u0005\u0006', 'latin1'), end])
}
