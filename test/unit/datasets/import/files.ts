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
