import { closeSync, openSync, readSync } from 'node:fs'
import { elements } from '../../../shared/ops/op'
import { cutText } from '../../../shared/cut-text'
import { UserError } from '../../../shared/errors'
import { fileBeside } from './beside'
import { widenBfloat16, widenFloat16 } from '../safetensors/half'
import type { Constant } from './model'
import { DATA_TYPE, numberOf, type TensorMessage } from './schema'

/** As many as NumPy’s arrays may have. */
const MOST_AXES = 64
/** More numbers than any tensor of a network has. */
const MOST_NUMBERS = 2 ** 31

const NUMBERS: ReadonlySet<number> = new Set(Object.values(DATA_TYPE))

/** A tensor of an ONNX file; its values are read when they are asked for. */
export class OnnxTensor implements Constant {
  readonly dims: readonly number[]
  readonly name: string

  /** @param file The ONNX file, for what lies beside it. @param called What messages call it. @throws UserError for sides that are none. */
  constructor(
    private readonly message: TensorMessage,
    private readonly file: string,
    private readonly called: string,
  ) {
    this.name = message.name
    this.dims = message.dims.map(numberOf)
    if (!this.dims.every((side) => Number.isSafeInteger(side) && side >= 0)) throw this.fault('has a side that is no count')
    if (this.dims.length > MOST_AXES) throw this.fault(`has ${this.dims.length} axes, more than any network’s`)
    if (!(this.length <= MOST_NUMBERS)) throw this.fault(`claims ${this.dims.join('×')} numbers, more than any file holds`)
  }

  get isNoNumber(): boolean {
    return !NUMBERS.has(this.message.data_type)
  }

  get length(): number {
    return elements(this.dims)
  }

  /** In single precision, row by row. @throws UserError where its bytes are not as many as it says, or of another kind. */
  floats(): Float32Array {
    const { data_type: type, float_data, double_data, int32_data } = this.message
    if (type === DATA_TYPE.float)
      return this.whole(float_data.length > 0 ? Float32Array.from(float_data) : new Float32Array(this.bytes(4)))
    if (type === DATA_TYPE.double)
      return this.whole(Float32Array.from(double_data.length > 0 ? double_data : new Float64Array(this.bytes(8))))
    if (type === DATA_TYPE.float16 || type === DATA_TYPE.bfloat16) {
      const halves = int32_data.length > 0 ? Uint16Array.from(int32_data) : new Uint16Array(this.bytes(2))
      return this.whole(type === DATA_TYPE.float16 ? widenFloat16(halves) : widenBfloat16(halves))
    }
    throw this.fault(`is of a type (number ${type} of ONNX) that holds no weights`)
  }

  /** Whole numbers, as shapes and axes are; undefined where it holds others. */
  integers(): number[] | undefined {
    const { data_type: type, int64_data, int32_data } = this.message
    if (this.length > 64) return undefined
    if (type === DATA_TYPE.int64)
      return int64_data.length > 0 ? int64_data.map(numberOf) : Array.from(new BigInt64Array(this.bytes(8)), Number)
    if (type === DATA_TYPE.int32) return int32_data.length > 0 ? [...int32_data] : Array.from(new Int32Array(this.bytes(4)))
    return undefined
  }

  private whole(values: Float32Array): Float32Array {
    if (values.length !== this.length) throw this.fault(`holds ${values.length} numbers and says ${this.dims.join('×') || '1'}`)
    return values
  }

  /** A copy of its bytes, so that they begin where an array may. */
  private bytes(width: number): ArrayBuffer {
    const wanted = this.length * width
    if (this.message.data_location === 1) return this.external(wanted)
    const { raw_data: raw } = this.message
    if (raw.length !== wanted)
      throw this.fault(`holds ${raw.length} bytes and says ${this.dims.join('×') || '1'} numbers of ${width}`)
    return new Uint8Array(raw).buffer
  }

  /** Bytes of a file beside the ONNX file. @throws UserError where that is not in its folder, or has not so many. */
  private external(wanted: number): ArrayBuffer {
    const told = new Map(this.message.external_data.map(({ key, value }) => [key, value]))
    const location = told.get('location') ?? ''
    const found = fileBeside(this.file, location)
    if ('why' in found)
      throw this.fault(
        `lies in "${cutText(location, 80)}", which ${found.why}`,
        found.why === 'is not beside the file' ? 'put it there, or export the network as one file' : undefined,
      )
    const [offset, length] = [Number(told.get('offset') ?? 0), Number(told.get('length') ?? wanted)]
    if (!Number.isSafeInteger(offset) || offset < 0 || length !== wanted || offset + wanted > found.bytes)
      throw this.fault(`shall have ${wanted} bytes of "${cutText(location, 80)}", which has no such`)
    return readAt(found.path, offset, wanted)
  }

  private fault(problem: string, remedy = 'export the network again'): UserError {
    return new UserError(`tensor "${cutText(this.message.name, 120)}" ${problem}`, { place: this.called, remedy })
  }
}

function readAt(file: string, offset: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length)
  const descriptor = openSync(file, 'r')
  try {
    for (let at = 0; at < length;) {
      const count = readSync(descriptor, bytes, at, Math.min(length - at, 2 ** 30), offset + at)
      if (count === 0) break
      at += count
    }
  } finally {
    closeSync(descriptor)
  }
  return bytes.buffer
}
