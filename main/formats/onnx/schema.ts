import { parse, type Type } from 'protobufjs'

/**
 * The messages of ONNX (onnx/onnx.proto, IR version 3 to 13) that a network is made of; the field numbers are ONNX's. What is not named here is passed over when a file is read.
 */
const SCHEMA = `syntax = "proto3";
message ModelProto { int64 ir_version = 1; string producer_name = 2; string producer_version = 3; string doc_string = 6; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5; string domain = 7; }
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; TensorProto t = 5; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20; }
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5; repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; repeated double double_data = 10; repeated StringStringEntryProto external_data = 13; int32 data_location = 14; }
message StringStringEntryProto { string key = 1; string value = 2; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto { Tensor tensor_type = 1; message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; message Dimension { int64 dim_value = 1; string dim_param = 2; } }
`

export const ModelProto: Type = parse(SCHEMA, { keepCase: true }).root.lookupType('ModelProto')

/** TensorProto.DataType. */
export const DATA_TYPE = { float: 1, int32: 6, int64: 7, float16: 10, double: 11, bfloat16: 16 } as const
/** AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

/** A whole number as the reader gives it: a number, or two halves of one. */
export type Int64 = number | { readonly low: number; readonly high: number }

export interface TensorMessage {
  readonly dims: readonly Int64[]
  readonly data_type: number
  readonly float_data: readonly number[]
  readonly int32_data: readonly number[]
  readonly int64_data: readonly Int64[]
  readonly name: string
  readonly raw_data: Uint8Array
  readonly double_data: readonly number[]
  readonly external_data: readonly { readonly key: string; readonly value: string }[]
  readonly data_location: number
}
export interface AttributeMessage {
  readonly name: string
  readonly f: number
  readonly i: Int64
  readonly s: Uint8Array
  readonly t: TensorMessage | null
  readonly floats: readonly number[]
  readonly ints: readonly Int64[]
}
export interface NodeMessage {
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly name: string
  readonly op_type: string
  readonly attribute: readonly AttributeMessage[]
  readonly domain: string
}
export interface ValueMessage {
  readonly name: string
  readonly type: {
    readonly tensor_type: {
      readonly shape: { readonly dim: readonly { readonly dim_value: Int64; readonly dim_param: string }[] } | null
    } | null
  } | null
}
export interface ModelMessage {
  readonly ir_version: Int64
  readonly producer_name: string
  readonly producer_version: string
  readonly graph: {
    readonly node: readonly NodeMessage[]
    readonly name: string
    readonly initializer: readonly TensorMessage[]
    readonly input: readonly ValueMessage[]
    readonly output: readonly ValueMessage[]
  } | null
  readonly opset_import: readonly { readonly domain: string; readonly version: Int64 }[]
}

/** Exact up to 2^53, which is more than any side or count. */
export function numberOf(value: Int64): number {
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0)
}
