import { ModelProto } from '../../../../main/formats/onnx/schema'

/** ONNX files that are made for a test: batches of images named x, node by node; HEAD leads what is named y to the logits. */

export type Node = Readonly<Record<string, unknown>>
export const node = (op_type: string, input: string[], output: string, attribute: Node[] = []): Node => ({
  ...{ op_type, name: output, input, output: [output], attribute },
})
export const ints = (name: string, values: number[]): Node => ({ name, ints: values, type: 7 })
export const weights = (name: string, dims: number[], values?: number[]): Node => {
  const count = dims.reduce((a, b) => a * b, 1)
  const data = Float32Array.from(values ?? Array.from({ length: count }, (_, i) => (i % 5) / 10))
  return { name, dims, data_type: 1, raw_data: new Uint8Array(data.buffer) }
}
const image = (dims: number[]): Node => ({
  name: 'x',
  type: { tensor_type: { shape: { dim: dims.map((dim_value) => ({ dim_value })) } } },
})
export const HEAD = [
  node('GlobalAveragePool', ['y'], 'pooled'),
  node('Flatten', ['pooled'], 'flat'),
  node('MatMul', ['flat', 'w'], 'out'),
]

export function bytesOf(nodes: Node[], initializer: Node[], dims = [1, 2, 8, 8], outputs = ['out'], opset = 17): Uint8Array {
  return ModelProto.encode({
    ...{ ir_version: 8, producer_name: 'test', opset_import: [{ version: opset }] },
    graph: { node: nodes, initializer, input: [image(dims)], output: outputs.map((name) => ({ name })) },
  }).finish()
}
