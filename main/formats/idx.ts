import { UserError } from '../../shared/errors'
import { arrayFromBytes, type ElementType, elementCount, type FileArray } from './array'

/** The IDX format of MNIST's files: two zeros, type, number of sides, the sides and the elements, all most significant byte first. Source: Yann LeCun's description of the MNIST database. */

const TYPES: Readonly<Record<number, { readonly type: ElementType; readonly bytes: number }>> = {
  0x08: { type: 'uint8', bytes: 1 },
  0x09: { type: 'int8', bytes: 1 },
  0x0b: { type: 'int16', bytes: 2 },
  0x0c: { type: 'int32', bytes: 4 },
  0x0d: { type: 'float32', bytes: 4 },
  0x0e: { type: 'float64', bytes: 8 },
}

export function matchIdx(head: Uint8Array): boolean {
  return head[0] === 0 && head[1] === 0 && TYPES[head[2] ?? 0] !== undefined && (head[3] ?? 0) >= 1 && head[3]! <= 8
}

interface Header {
  readonly type: ElementType
  readonly shape: readonly number[]
  /** Where the elements begin and end. */
  readonly start: number
  readonly end: number
}

function headerOf(bytes: Uint8Array, place: string): Header {
  if (!matchIdx(bytes)) throw new UserError('this is no IDX file: it begins otherwise', { place })
  const { type, bytes: size } = TYPES[bytes[2]!]!
  const sides = bytes[3]!
  const start = 4 + 4 * sides
  if (bytes.length < start) throw new UserError('this IDX file is cut short in its header', { place })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: sides }, (_, i) => view.getUint32(4 + 4 * i, false))
  return { type, shape, start, end: start + elementCount(shape, place) * size }
}

/** Bytes of a file that begins so. @throws UserError for another file. */
export const idxLength = (head: Uint8Array, place: string): number => headerOf(head, place).end

/** @throws UserError for another file, or one whose length is not what its header says. */
export function readIdx(bytes: Uint8Array, place: string): FileArray {
  const { type, shape, start, end: needed } = headerOf(bytes, place)
  if (bytes.length !== needed) {
    const what = bytes.length < needed ? 'cut short' : 'longer than its header says'
    throw new UserError(`this IDX file is ${what}: ${shape.join('×')} of ${type} need ${needed} bytes, it has ${bytes.length}`, {
      place,
    })
  }
  // Bytes may lie anywhere: they are not copied.
  if (type === 'uint8') return { shape, type, data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, needed - start) }
  return arrayFromBytes(bytes.subarray(start), { type, bigEndian: true }, shape, false, place)
}
