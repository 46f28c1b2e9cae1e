import type { ExpandedNetwork } from '../../../../shared/architecture'
import { padsAround, type Sliding } from '../../../../shared/ops/padding'
import { ATTRIBUTE_TYPE, DATA_TYPE } from '../../../formats/onnx/schema'
import type { OutgoingWeights } from './weights'

export type Layer = ExpandedNetwork['layers'][number]
export type Message = Readonly<Record<string, unknown>>

/** Writes a layer's nodes. @returns what leaves it. */
export type Write = (w: OnnxWriter, layer: Layer, inputs: readonly string[], output: string, weights: OutgoingWeights) => string

/** Builds the graph: nodes and weights by name. */
export class OnnxWriter {
  readonly nodes: Message[] = []
  readonly initializers: Message[] = []

  node(op: string, inputs: readonly string[], output: string, attributes: readonly Message[] = []): string {
    this.nodes.push({ op_type: op, name: output, input: inputs, output: [output], attribute: attributes })
    return output
  }
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    this.initializers.push({
      name,
      dims,
      data_type: DATA_TYPE.float,
      raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    })
    return name
  }
  integers(name: string, values: readonly number[]): string {
    this.initializers.push({ name, dims: [values.length], data_type: DATA_TYPE.int64, int64_data: values })
    return name
  }
}

export const int = (name: string, i: number): Message => ({ name, i, type: ATTRIBUTE_TYPE.int })
export const ints = (name: string, values: readonly number[]): Message => ({ name, ints: values, type: ATTRIBUTE_TYPE.ints })
export const float = (name: string, f: number): Message => ({ name, f, type: ATTRIBUTE_TYPE.float })

/** Where a window lies. */
export function windowOf(sliding: Sliding, sides: readonly number[]): Message[] {
  const { size, stride } = sliding
  const [along, across] = padsAround(sliding, sides)
  return [
    ints('kernel_shape', [size, size]),
    ints('strides', [stride, stride]),
    ints('pads', [along![0], across![0], along![1], across![1]]),
  ]
}
