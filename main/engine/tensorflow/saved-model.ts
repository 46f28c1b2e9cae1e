import { parse, type Type } from 'protobufjs'
import type { Attribute, GraphNode } from '../graph/node'

/** The few messages of TensorFlow's saved_model.proto and config.proto that a session needs; the field numbers are TensorFlow's. */
const SCHEMA = `syntax = "proto3";
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
message MetaGraphDef { MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; }
message MetaInfoDef { repeated string tags = 4; string tensorflow_version = 5; }
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
message NodeDef { string name = 1; string op = 2; repeated string input = 3; string device = 4; map<string, AttrValue> attr = 5; }
message AttrValue { oneof value { bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6; TensorShapeProto shape = 7; TensorProto tensor = 8; ListValue list = 1; } }
message ListValue { repeated bytes s = 2; repeated int64 i = 3; repeated int32 type = 6; }
message TensorShapeProto { message Dim { int64 size = 1; } repeated Dim dim = 2; bool unknown_rank = 3; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; }
message ConfigProto { map<string, int32> device_count = 1; int32 intra_op_parallelism_threads = 2; int32 inter_op_parallelism_threads = 5; GPUOptions gpu_options = 6; bool allow_soft_placement = 7; GraphOptions graph_options = 10; }
message ServerDef { ClusterDef cluster = 1; string job_name = 2; int32 task_index = 3; ConfigProto default_session_config = 4; string protocol = 5; }
message ClusterDef { repeated JobDef job = 1; }
message JobDef { string name = 1; map<int32, string> tasks = 2; }
message GPUOptions { bool allow_growth = 4; }
message GraphOptions { RewriterConfig rewrite_options = 10; }
message RewriterConfig { bool disable_meta_optimizer = 19; }
`
const root = parse(SCHEMA, { keepCase: true }).root
const SavedModel: Type = root.lookupType('SavedModel')
const ConfigProto: Type = root.lookupType('ConfigProto')
const ServerDef: Type = root.lookupType('ServerDef')

/** GraphDef version that TensorFlow 2.21 writes itself; the consumer's rules follow it. */
const PRODUCER = 1087

/** The tag under which the one graph of the SavedModel is found. */
export const TAG = 'normlab'

const text = (value: string): Uint8Array => Buffer.from(value)
const shapeProto = (dims: readonly number[]): object => ({ dim: dims.map((size) => ({ size })) })

function encodeAttribute(attribute: Attribute): object {
  if ('s' in attribute) return { s: text(attribute.s) }
  if ('shape' in attribute) return { shape: shapeProto(attribute.shape) }
  if ('ints' in attribute) return { list: { i: attribute.ints } }
  if ('types' in attribute) return { list: { type: attribute.types } }
  if ('tensor' in attribute) {
    const { dtype, shape, content } = attribute.tensor
    return { tensor: { dtype, tensor_shape: shapeProto(shape), tensor_content: content } }
  }
  return attribute
}

/** A graph as the bytes of `saved_model.pb`. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  const node = nodes.map(({ name, op, inputs, attributes, device }) => ({
    name,
    op,
    input: inputs,
    ...(device !== undefined && { device }),
    attr: Object.fromEntries(Object.entries(attributes).map(([key, attribute]) => [key, encodeAttribute(attribute)])),
  }))
  const graph = { node, versions: { producer: PRODUCER } }
  return SavedModel.encode({
    saved_model_schema_version: 1,
    meta_graphs: [{ meta_info_def: { tags: [TAG], tensorflow_version: '2' }, graph_def: graph }],
  }).finish()
}

export interface SessionOptions {
  /** Threads that one operation may use. */
  readonly threads: number
  /** Operations that may run at the same time. */
  readonly parallelOperations: number
  /** Whether it stays on the CPU where there is a GPU, which may be another's: false where absent. */
  readonly isOnCpu?: boolean
  /** Devices that the CPU is shown as; one where absent. */
  readonly cpuDevices?: number
  /** Whether nodes name their devices. */
  readonly isSpread?: boolean
}

/**
 * Session options as the bytes of a ConfigProto. Grappler is off: the graph is written as it shall run, and its passes cost
 * seconds on a thousand layers. GPU memory grows as it is needed.
 */
export function encodeSessionConfig(options: SessionOptions): Uint8Array {
  return ConfigProto.encode(sessionConfig(options)).finish()
}

function sessionConfig({
  threads,
  parallelOperations,
  isOnCpu = false,
  cpuDevices = 1,
  isSpread = false,
}: SessionOptions): object {
  const deviceCount = { ...(isOnCpu && { GPU: 0 }), ...(cpuDevices > 1 && { CPU: cpuDevices }) }
  return {
    ...(Object.keys(deviceCount).length > 0 && { device_count: deviceCount }),
    intra_op_parallelism_threads: threads,
    // Below 0 whoever calls computes: one operation at a time needs no other thread, and what it takes is the caller's own time.
    inter_op_parallelism_threads: parallelOperations === 1 ? -1 : parallelOperations,
    gpu_options: { allow_growth: true },
    // What a GPU has no kernel for is computed beside it, as it is where no device is named.
    ...(isSpread && { allow_soft_placement: true }),
    graph_options: { rewrite_options: { disable_meta_optimizer: true } },
  }
}

/** One process of several that compute together. */
export interface ClusterPlace {
  /** Address of each, `127.0.0.1:port`. */
  readonly addresses: readonly string[]
  /** The how-manieth this one is, from 0. */
  readonly task: number
}

/** The job that all processes of a run are tasks of. */
export const JOB = 'worker'

/** What a server of TensorFlow's distributed runtime is started with, as the bytes of a ServerDef. */
export function encodeServer({ addresses, task }: ClusterPlace, options: SessionOptions): Uint8Array {
  return ServerDef.encode({
    cluster: { job: [{ name: JOB, tasks: Object.fromEntries(addresses.map((address, i) => [i, address])) }] },
    job_name: JOB,
    task_index: task,
    default_session_config: sessionConfig(options),
    protocol: 'grpc',
  }).finish()
}
