/**
 * Writes HDF5 (https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html): groups and arrays of single precision, with nothing compressed. Superblock 2, object headers 2 with their links in them,
 * which all readers since HDF5 1.8 take.
 */

/** An array by its path, `layers/conv2d/vars/0`. */
export interface WrittenArray {
  readonly path: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')
const SUPERBLOCK_BYTES = 48
const UNDEFINED = Buffer.alloc(8, 0xff)
const MESSAGE = { dataspace: 1, linkInfo: 2, datatype: 3, fill: 5, link: 6, layout: 8, groupInfo: 10 } as const
/** Little-endian IEEE 754 of 32 bits: sign at 31, exponent of 8 at 23 with bias 127. */
const FLOAT32 = Buffer.from('11201f000400000000002000170800177f000000', 'hex')

interface Group {
  readonly groups: Map<string, Group>
  readonly arrays: Map<string, WrittenArray>
}
const emptyGroup = (): Group => ({ groups: new Map(), arrays: new Map() })

/** The file's bytes, in pieces. */
export function encodeHdf5(arrays: Iterable<WrittenArray>): Uint8Array[] {
  const root = emptyGroup()
  for (const array of arrays) {
    const parts = array.path.split('/')
    const name = parts.pop()!
    let group = root
    for (const part of parts) {
      if (!group.groups.has(part)) group.groups.set(part, emptyGroup())
      group = group.groups.get(part)!
    }
    group.arrays.set(name, array)
  }
  const pieces: Uint8Array[] = []
  let end = SUPERBLOCK_BYTES
  const put = (bytes: Uint8Array): number => {
    const padded = (8 - (bytes.length % 8)) % 8
    pieces.push(bytes, Buffer.alloc(padded))
    end += bytes.length + padded
    return end - bytes.length - padded
  }
  // What is in a group lies before it, so that its address is known.
  const putGroup = ({ groups, arrays: own }: Group): number => {
    const links = [
      ...[...groups].map(([name, inner]) => link(name, putGroup(inner))),
      ...[...own].map(([name, array]) => link(name, putArray(array))),
    ]
    const info = Buffer.concat([Buffer.from([0, 0]), UNDEFINED, UNDEFINED])
    return put(header([[MESSAGE.linkInfo, info], [MESSAGE.groupInfo, Buffer.from([0, 0])], ...links]))
  }
  const putArray = ({ shape, values }: WrittenArray): number => {
    const at = put(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    return put(
      header([
        [MESSAGE.dataspace, Buffer.concat([Buffer.from([2, shape.length, 0, 1]), ...shape.map(long)])],
        [MESSAGE.datatype, FLOAT32],
        [MESSAGE.fill, Buffer.from([3, 0x0a])],
        [MESSAGE.layout, Buffer.concat([Buffer.from([3, 1]), long(at), long(values.byteLength)])],
      ]),
    )
  }
  const at = putGroup(root)
  const sizes = Buffer.from([2, 8, 8, 0])
  return [summed(Buffer.concat([SIGNATURE, sizes, long(0), UNDEFINED, long(end), long(at)])), ...pieces]
}

type HeaderMessage = readonly [type: number, body: Buffer]

function link(name: string, address: number): HeaderMessage {
  const text = Buffer.from(name, 'utf8')
  const head = Buffer.from([1, 1, text.length & 255, text.length >> 8])
  return [MESSAGE.link, Buffer.concat([head, text, long(address)])]
}

/** An object's header of one piece, whose size takes four bytes. */
function header(messages: readonly HeaderMessage[]): Buffer {
  const body = Buffer.concat(
    messages.flatMap(([type, data]) => [Buffer.from([type, data.length & 255, data.length >> 8, 0]), data]),
  )
  const size = Buffer.alloc(4)
  size.writeUInt32LE(body.length)
  return summed(Buffer.concat([Buffer.from('OHDR'), Buffer.from([2, 2]), size, body]))
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function summed(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(lookup3(bytes))
  return Buffer.concat([bytes, sum])
}

/** Jenkins's hash (lookup3.c, hashlittle with 0), HDF5's check sum of metadata. */
function lookup3(bytes: Uint8Array): number {
  const turn = (value: number, by: number): number => (value << by) | (value >>> (32 - by))
  let a = (0xdeadbeef + bytes.length) | 0
  let b = a
  let c = a
  const word = (at: number): number => {
    let value = 0
    for (let i = 0; i < 4 && at + i < bytes.length; i++) value |= bytes[at + i]! << (8 * i)
    return value
  }
  let at = 0
  for (; bytes.length - at > 12; at += 12) {
    a = (a + word(at)) | 0
    b = (b + word(at + 4)) | 0
    c = (c + word(at + 8)) | 0
    a = ((a - c) ^ turn(c, 4)) | 0
    c = (c + b) | 0
    b = ((b - a) ^ turn(a, 6)) | 0
    a = (a + c) | 0
    c = ((c - b) ^ turn(b, 8)) | 0
    b = (b + a) | 0
    a = ((a - c) ^ turn(c, 16)) | 0
    c = (c + b) | 0
    b = ((b - a) ^ turn(a, 19)) | 0
    a = (a + c) | 0
    c = ((c - b) ^ turn(b, 4)) | 0
    b = (b + a) | 0
  }
  if (at === bytes.length) return c >>> 0
  a = (a + word(at)) | 0
  b = (b + word(at + 4)) | 0
  c = (c + word(at + 8)) | 0
  c = ((c ^ b) - turn(b, 14)) | 0
  a = ((a ^ c) - turn(c, 11)) | 0
  b = ((b ^ a) - turn(a, 25)) | 0
  c = ((c ^ b) - turn(b, 16)) | 0
  a = ((a ^ c) - turn(c, 4)) | 0
  b = ((b ^ a) - turn(a, 14)) | 0
  c = ((c ^ b) - turn(b, 24)) | 0
  return c >>> 0
}
