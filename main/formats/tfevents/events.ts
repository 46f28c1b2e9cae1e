import { parse, type Type } from 'protobufjs'
import { type Ended, framed, readRecords } from './records'

/** Of tensorflow/core/util/event.proto, summary.proto and tensor.proto what scalars need, with their field numbers. Other fields are passed over. */
const PROTO = `
syntax = "proto3";
message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
message Summary { repeated Value value = 1; }
message Value { string tag = 1; optional float simple_value = 2; Tensor tensor = 8; Metadata metadata = 9; }
message Metadata { Plugin plugin_data = 1; }
message Plugin { string plugin_name = 1; }
message Tensor {
  int32 dtype = 1; Shape tensor_shape = 2; bytes tensor_content = 4;
  repeated float float_val = 5; repeated double double_val = 6; repeated int32 int_val = 7; repeated int64 int64_val = 10;
}
message Shape { repeated Dim dim = 2; bool unknown_rank = 3; }
message Dim { int64 size = 1; }
`
let known: Type | undefined
const eventType = (): Type => (known ??= parse(PROTO, { keepCase: true }).root.lookupType('Event'))

/** One number under a tag. */
export interface Scalar {
  readonly tag: string
  readonly step: number
  /** Seconds since 1970. */
  readonly wallTime: number
  readonly value: number
}

interface PlainTensor {
  dtype?: number
  tensor_shape?: { dim?: { size?: unknown }[] }
  tensor_content?: Uint8Array
  float_val?: number[]
  double_val?: number[]
  int_val?: number[]
  int64_val?: unknown[]
}
interface PlainEvent {
  wall_time?: number
  step?: unknown
  summary?: { value?: { tag?: string; simple_value?: number; tensor?: PlainTensor }[] }
}

/**
 * The scalars of an event file, in the file's order.
 *
 * @param onOther Hears the tag of what is no scalar: a histogram, a picture, a text.
 * @param onEnd Hears where reading ended before the file did.
 */
export function* readScalars(file: string, onOther: (tag: string) => void, onEnd: (ended: Ended) => void): Generator<Scalar> {
  let ended: Ended = null
  for (const record of readRecords(file, (told) => (ended = told))) {
    let event: PlainEvent
    try {
      event = eventType().decode(record) as PlainEvent
    } catch {
      return onEnd('it holds a record that is no event')
    }
    const [step, wallTime] = [Number(event.step ?? 0), event.wall_time ?? 0]
    for (const value of event.summary?.value ?? []) {
      const { tag = '', tensor } = value
      const found = tensor ? scalarOf(tensor) : hasValue(value)
      if (found === undefined) onOther(tag)
      else yield { tag, step, wallTime, value: found }
    }
  }
  onEnd(ended)
}

/** A histogram's or a picture's value has no number of its own, where the message would give it a 0. */
const hasValue = (value: { simple_value?: number }): number | undefined =>
  Object.prototype.hasOwnProperty.call(value, 'simple_value') ? value.simple_value : undefined

const [FLOAT, DOUBLE, INT32, INT64] = [1, 2, 3, 9]

/** The number of a tensor of one; undefined for others. */
function scalarOf({
  dtype,
  tensor_shape,
  tensor_content,
  float_val,
  double_val,
  int_val,
  int64_val,
}: PlainTensor): number | undefined {
  const elements = (tensor_shape?.dim ?? []).reduce((product, { size }) => product * Number(size ?? 0), 1)
  if (elements !== 1) return undefined
  const first = float_val?.[0] ?? double_val?.[0] ?? int_val?.[0] ?? int64_val?.[0]
  if (first !== undefined) return Number(first)
  // Where a message has none, the library gives an empty list.
  const bytes = tensor_content instanceof Uint8Array ? tensor_content : new Uint8Array(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (dtype === FLOAT && bytes.length === 4) return view.getFloat32(0, true)
  if (dtype === DOUBLE && bytes.length === 8) return view.getFloat64(0, true)
  if (dtype === INT32 && bytes.length === 4) return view.getInt32(0, true)
  if (dtype === INT64 && bytes.length === 8) return Number(view.getBigInt64(0, true))
  // A number that is 0 may be left out of a message altogether.
  return bytes.length === 0 && (dtype === FLOAT || dtype === DOUBLE || dtype === INT32 || dtype === INT64) ? 0 : undefined
}

/** The first record of an event file. */
export const versionRecord = (wallTime: number): Buffer => encoded({ wall_time: wallTime, file_version: 'brain.Event:2' })

/** A step's scalars as a record. */
export function scalarsRecord(step: number, wallTime: number, values: Iterable<readonly [tag: string, value: number]>): Buffer {
  const value = Array.from(values, ([tag, number]) => ({
    tag,
    simple_value: number,
    metadata: { plugin_data: { plugin_name: 'scalars' } },
  }))
  return encoded({ wall_time: wallTime, step, summary: { value } })
}

function encoded(event: Record<string, unknown>): Buffer {
  return framed(eventType().encode(eventType().fromObject(event)).finish())
}
