import { elements } from '../../shared/ops/op'
import { UserError } from '../../shared/errors'
import { widenFloat16 } from './safetensors/half'

/** An array out of a file: row-major (C order), in the machine's byte order. */
export interface FileArray {
  readonly shape: readonly number[]
  readonly type: ElementType
  readonly data: NumericArray
}

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array

/** Bytes of an element and what holds them; half precision is widened when it is read, and is float32 then. */
const TYPES = {
  float16: { bytes: 2, array: Uint16Array },
  bool: { bytes: 1, array: Uint8Array },
  uint8: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  uint16: { bytes: 2, array: Uint16Array },
  int16: { bytes: 2, array: Int16Array },
  uint32: { bytes: 4, array: Uint32Array },
  int32: { bytes: 4, array: Int32Array },
  uint64: { bytes: 8, array: BigUint64Array },
  int64: { bytes: 8, array: BigInt64Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
} as const
export type ElementType = keyof typeof TYPES

/** How a file keeps an array's elements. */
export interface ElementLayout {
  readonly type: ElementType
  /** Of the file: true for most significant byte first. */
  readonly bigEndian: boolean
}

/** numpy's short words for an element, `<f4` or `|u1`. Undefined for text, objects, records, complex numbers. */
export function numpyLayout(word: string): ElementLayout | undefined {
  const [, order = '|', kind = '', size = ''] = /^([<>=|]?)([buif])(\d+)$/.exec(word) ?? []
  const type = kind === 'b' ? 'bool' : (`${{ u: 'uint', i: 'int', f: 'float' }[kind] ?? ''}${Number(size) * 8}` as ElementType)
  if (!(type in TYPES) || (kind === 'b' && size !== '1')) return undefined
  return { type, bigEndian: order === '>' }
}

/** Elements of a shape. @throws UserError where a side is no count, or there are more than an array holds. */
export function elementCount(shape: readonly number[], place: string): number {
  let count = 1
  for (const side of shape) {
    if (!Number.isSafeInteger(side) || side < 0) throw new UserError(`its shape has a side of ${side}`, { place })
    count *= side
  }
  if (!Number.isSafeInteger(count)) throw new UserError(`its shape ${shape.join('×')} has too many elements`, { place })
  return count
}

/** Bytes of an element as a file keeps it. */
export function elementBytes({ type }: ElementLayout): number {
  return TYPES[type].bytes
}

/** @returns the elements of a shape. @throws UserError where they do not take as many bytes as there are. */
export function checkBytes(bytes: number, { type }: ElementLayout, shape: readonly number[], place: string): number {
  const count = elementCount(shape, place)
  const needed = count * TYPES[type].bytes
  if (bytes === needed) return count
  throw new UserError(`its shape ${shape.join('×') || '()'} needs ${needed} bytes of ${type}, there are ${bytes}`, { place })
}

/**
 * An array from the bytes of a file.
 *
 * @param fortran The first index runs fastest, as in MATLAB.
 * @throws UserError where bytes and shape do not agree.
 */
export function arrayFromBytes(
  bytes: Uint8Array,
  layout: ElementLayout,
  shape: readonly number[],
  fortran: boolean,
  place: string,
): FileArray {
  const { bytes: size, array } = TYPES[layout.type]
  const count = checkBytes(bytes.byteLength, layout, shape, place)
  // A copy: bytes of a file may lie at any offset, and typed arrays must not. (A Buffer's own `slice` would be a view.)
  const own = Uint8Array.from(bytes)
  if (layout.bigEndian && size > 1) swapBytes(own, size)
  const stored = new array(own.buffer, 0, count)
  const isHalf = layout.type === 'float16'
  const data = isHalf ? widenFloat16(stored as Uint16Array) : stored
  return { shape, type: isHalf ? 'float32' : layout.type, data: fortran && shape.length > 1 ? rowMajor(data, shape) : data }
}

function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (size === 2) buffer.swap16()
  else if (size === 4) buffer.swap32()
  else buffer.swap64()
}

/** Turns first-index-fastest into last-index-fastest. */
function rowMajor<A extends NumericArray>(data: A, shape: readonly number[]): A {
  const result = data.slice() as A
  const strides = shape.map((_, axis) => elements(shape.slice(0, axis)))
  const index = new Array<number>(shape.length).fill(0)
  let from = 0
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return result
}

/** Any array as doubles. @throws UserError for a whole number beyond 2^53, which a double would round. */
export function asDoubles({ data }: FileArray, place: string): Float64Array {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return Float64Array.from(data)
  return Float64Array.from({ length: data.length }, (_, i) => {
    const value = Number(data[i]!)
    if (!Number.isSafeInteger(value)) throw new UserError(`value ${i} is ${data[i]}, more than can be told exactly`, { place })
    return value
  })
}

/** Any array in single precision: wider ones rounded. */
export function asSingles({ data }: FileArray): Float32Array {
  if (data instanceof Float32Array) return data
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float32Array.from(data, Number)
    : Float32Array.from(data)
}
