import { elements } from '../../../shared/ops/op'
import { UserError } from '../../../shared/errors'
import { widenBfloat16, widenFloat16 } from '../safetensors/half'

/** Element types of PyTorch whose values are numbers: bytes of one, and how they become single precision. */
const ELEMENTS = {
  float64: { bytes: 8, read: (buffer: ArrayBuffer) => Float32Array.from(new Float64Array(buffer)) },
  float32: { bytes: 4, read: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  float16: { bytes: 2, read: (buffer: ArrayBuffer) => widenFloat16(new Uint16Array(buffer)) },
  bfloat16: { bytes: 2, read: (buffer: ArrayBuffer) => widenBfloat16(new Uint16Array(buffer)) },
  int64: { bytes: 8, read: (buffer: ArrayBuffer) => Float32Array.from(new BigInt64Array(buffer), Number) },
  uint64: { bytes: 8, read: (buffer: ArrayBuffer) => Float32Array.from(new BigUint64Array(buffer), Number) },
  int32: { bytes: 4, read: (buffer: ArrayBuffer) => Float32Array.from(new Int32Array(buffer)) },
  uint32: { bytes: 4, read: (buffer: ArrayBuffer) => Float32Array.from(new Uint32Array(buffer)) },
  int16: { bytes: 2, read: (buffer: ArrayBuffer) => Float32Array.from(new Int16Array(buffer)) },
  uint16: { bytes: 2, read: (buffer: ArrayBuffer) => Float32Array.from(new Uint16Array(buffer)) },
  int8: { bytes: 1, read: (buffer: ArrayBuffer) => Float32Array.from(new Int8Array(buffer)) },
  uint8: { bytes: 1, read: (buffer: ArrayBuffer) => Float32Array.from(new Uint8Array(buffer)) },
  bool: { bytes: 1, read: (buffer: ArrayBuffer) => Float32Array.from(new Uint8Array(buffer)) },
} as const
export type TorchElement = keyof typeof ELEMENTS

/** The classes of typed storages, `torch.FloatStorage`; on a GPU they had a module of their own, `torch.cuda.FloatStorage`. */
export const STORAGES: Readonly<Record<string, TorchElement>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
}

/** Storages whose numbers are not read here: bytes of one, so that what lies behind them in a file is found. */
export const OTHER_STORAGES: Readonly<Record<string, number>> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
}

export const isTorchElement = (word: string): word is TorchElement => Object.prototype.hasOwnProperty.call(ELEMENTS, word)

export const elementBytes = (type: TorchElement): number => ELEMENTS[type].bytes

/** Numbers from bytes in the machine's order, or the other one, as single precision: half precision exactly, rounded where it is wider. */
export function elementsOf(type: TorchElement, bytes: Uint8Array, isSwapped: boolean): Float32Array {
  const size = elementBytes(type)
  // A copy: bytes of a file may lie at any offset, and typed arrays must not.
  const own = Uint8Array.from(bytes)
  if (isSwapped && size > 1) {
    const buffer = Buffer.from(own.buffer)
    if (size === 2) buffer.swap16()
    else if (size === 4) buffer.swap32()
    else buffer.swap64()
  }
  return ELEMENTS[type].read(own.buffer)
}

/** Where a tensor's entries lie in its storage, in entries. */
export interface Strided {
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]
}

/** Entries of a tensor that is larger than its storage, by strides of 0: nothing that was learned. */
const MOST_REPEATED = 2 ** 24

/** @throws UserError where an entry would lie outside a storage of this length. */
export function checkStrided({ offset, shape, stride }: Strided, length: number, place: string): void {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
  if (!isCount(offset) || shape.length !== stride.length || shape.length > 64 || ![...shape, ...stride].every(isCount))
    throw new UserError('a tensor has no shape of whole numbers, with as many strides', { place })
  const count = elements(shape)
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * stride[axis]!, offset)
  if (count > 0 && !(last < length))
    throw new UserError(`a tensor of ${shape.join('×')} reaches entry ${last} of a storage of ${length}`, { place })
  if (count > Math.max(length, MOST_REPEATED))
    throw new UserError(`a tensor of ${shape.join('×')} repeats the ${length} numbers of its storage`, {
      place,
      remedy: 'save it with .contiguous()',
    })
}

export function isContiguous({ shape, stride }: Strided): boolean {
  let wanted = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== wanted) return false
    wanted *= shape[axis]!
  }
  return true
}

/** A tensor's entries, row-major. */
export function gather(values: Float32Array, { offset, shape, stride }: Strided): Float32Array {
  const count = elements(shape)
  const found = new Float32Array(count)
  const index = new Array<number>(shape.length).fill(0)
  let from = offset
  for (let to = 0; to < count; to++) {
    found[to] = values[from]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= stride[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return found
}
