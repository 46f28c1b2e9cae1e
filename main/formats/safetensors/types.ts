import { widenBfloat16, widenFloat16 } from './half'

/** What the format calls a type, and the typed array that holds its bytes. BOOL is one byte, 0 or 1. */
export const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  /** As their bits: JavaScript has no array of them. */
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const
export type DType = keyof typeof arrays
export type TensorArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

export interface TensorInfo {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
}

export function isDType(word: string): word is DType {
  return Object.prototype.hasOwnProperty.call(arrays, word)
}

export const bytesOf = (dtype: DType): number => arrays[dtype].BYTES_PER_ELEMENT

/** Entries of a tensor. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A tensor's entries as 32-bit floats: half precision exactly, wider ones rounded. */
export function asFloats(values: TensorArray, dtype: DType): Float32Array {
  if (dtype === 'F16') return widenFloat16(values as Uint16Array)
  if (dtype === 'BF16') return widenBfloat16(values as Uint16Array)
  if (values instanceof Float32Array) return values
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? Float32Array.from(values, Number)
    : Float32Array.from(values)
}
