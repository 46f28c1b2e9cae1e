import { parse } from 'protobufjs'
import type { GraphNode } from '../../main/engine/graph/node'

/** The part of TensorFlow's RunMetadata that says what each node of one session call took; the field numbers are TensorFlow's. */
const RunMetadata = parse(
  `syntax = "proto3";
message RunMetadata { StepStats step_stats = 1; }
message StepStats { repeated DeviceStepStats dev_stats = 1; }
message DeviceStepStats { string device = 1; repeated NodeExecStats node_stats = 2; }
message NodeExecStats { string node_name = 1; repeated NodeOutput output = 7; int64 op_start_rel_nanos = 14; int64 op_end_rel_nanos = 15; }
message NodeOutput { int32 slot = 1; TensorDescription tensor_description = 3; }
message TensorDescription { int32 dtype = 1; TensorShapeProto shape = 2; }
message TensorShapeProto { message Dim { int64 size = 1; } repeated Dim dim = 2; }
`,
  { keepCase: true },
).root.lookupType('RunMetadata')

interface NodeStats {
  readonly node_name: string
  readonly output: readonly {
    slot: number
    tensor_description?: { dtype: number; shape?: { dim: readonly { size: number }[] } }
  }[]
  readonly op_start_rel_nanos: number
  readonly op_end_rel_nanos: number
}

/** What all nodes of one operation took together in one session call. */
export interface OperationCost {
  readonly op: string
  readonly calls: number
  /** Sum of the nodes' times, milliseconds: with two operations at once, more than the call's own time. */
  readonly ms: number
  /** Bytes of their inputs and outputs, each counted once for each node: the least that they move, were nothing cached. */
  readonly bytes: number
}

const BYTES: Readonly<Record<number, number>> = { 1: 4, 2: 8, 3: 4, 8: 8, 9: 8, 10: 1, 18: 16 }
/** Operations that hand on memory instead of reading and writing it. */
const FREE = new Set(['Identity', 'Reshape', 'Switch', 'Merge', 'Const', 'VarHandleOp', 'ReadVariableOp', 'Placeholder', '_Arg', '_Retval', 'NoOp']) // prettier-ignore

/**
 * Time and memory traffic of each kind of operation, costliest first.
 *
 * @param metadata Bytes of a RunMetadata, as NORMLAB_TRACE writes it.
 * @param nodes The session's graph.
 */
export function costs(metadata: Uint8Array, nodes: readonly GraphNode[]): OperationCost[] {
  const decoded = RunMetadata.toObject(RunMetadata.decode(metadata), { longs: Number, defaults: true }) as {
    step_stats?: { dev_stats: readonly { device: string; node_stats: readonly NodeStats[] }[] }
  }
  const stats = (decoded.step_stats?.dev_stats ?? []).flatMap(({ node_stats }) => node_stats)
  const size = new Map<string, number>()
  for (const { node_name, output } of stats)
    for (const { slot, tensor_description: tensor } of output) {
      const entries = (tensor?.shape?.dim ?? []).reduce((product, { size: side }) => product * side, 1)
      size.set(slot === 0 ? node_name : `${node_name}:${slot}`, entries * (BYTES[tensor?.dtype ?? 1] ?? 4))
    }
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const sums = new Map<string, { calls: number; ms: number; bytes: number }>()
  for (const { node_name, op_start_rel_nanos, op_end_rel_nanos } of stats) {
    const node = byName.get(node_name)
    const op = node?.op ?? node_name
    const sum = sums.get(op) ?? { calls: 0, ms: 0, bytes: 0 }
    sum.calls++
    sum.ms += (op_end_rel_nanos - op_start_rel_nanos) / 1e6
    if (node && !FREE.has(op)) {
      const outputs = [0, 1, 2, 3].map((slot) => size.get(slot === 0 ? node_name : `${node_name}:${slot}`) ?? 0)
      sum.bytes += [...node.inputs.map((input) => size.get(input) ?? 0), ...outputs].reduce((a, b) => a + b, 0)
    }
    sums.set(op, sum)
  }
  return [...sums].map(([op, sum]) => ({ op, ...sum })).sort((a, b) => b.ms - a.ms)
}
