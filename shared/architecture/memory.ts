import { elements, type OpDefinition, type Shape } from '../ops/op'
import type { ExpandedNetwork } from './expand'

const FLOAT_BYTES = 4
/** Parameters, gradients, their flat copy, and the slots of the optimiser. */
const PARAMETER_COPIES = 5
/** What TensorFlow keeps of each operation of a graph: 7 to 12 kB, measured on layers of four kinds, up to 53,000 operations; 14.5 of 800 tiny convolutions. */
const OPERATION_BYTES = 12_000
/** Of a layer that does not say how many it comes to: the mean of the residual presets. */
const USUAL_OPERATIONS = 6

/** Bytes of one layer: for each image those that the way back wants, and those that are there while its gradient is made; once, those of its operations. */
export function layerBytes(
  op: OpDefinition,
  inputs: readonly Shape[],
  attributes: Record<string, unknown>,
  output: Shape,
): { readonly kept: number; readonly passing: number; readonly operations: number } {
  const { kept, passing } = op.held?.(inputs, attributes) ?? { kept: 0, passing: 0 }
  // A ReLU's value takes the place of what it rectifies.
  const own = op.kind === 'relu' ? 0 : elements(output)
  const operations = op.operations?.(attributes) ?? USUAL_OPERATIONS
  return { kept: FLOAT_BYTES * (own + kept), passing: FLOAT_BYTES * passing, operations: OPERATION_BYTES * operations }
}

/** Bytes that a network takes whatever the batch. @param operations Those of its layers' operations. */
export function fixedBytes(parameters: number, operations: number): number {
  return PARAMETER_COPIES * FLOAT_BYTES * parameters + operations
}

/**
 * About how much memory a training step takes, TensorFlow itself not counted: the values that the way back wants, the most
 * that one layer's gradient takes beside them, the parameters with all that belongs to them, and what TensorFlow keeps of the graph's operations. High by up to a
 * third, since some values are let go before.
 *
 * @param recompute Units whose inner values are computed again, as in the settings; 0 keeps all.
 * @returns bytes: those of one image, and those that do not depend on the batch.
 */
export function trainingMemory(network: ExpandedNetwork, recompute = 0): { perImage: number; fixed: number } {
  const all = network.layers.map(({ op, inputs, attributes, shape }) => {
    const entering = inputs.map((layer) => network.layers[layer]!.shape)
    return layerBytes(op, entering, attributes, shape)
  })
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const kept = all.map((one) => one.kept)
  let perImage = sum(kept)
  if (recompute > 0) {
    const inside = network.units.map(({ layers, output }) =>
      sum(layers.filter((layer) => layer !== output).map((layer) => kept[layer]!)),
    )
    // One segment at a time has its inner values.
    const segments = inside.flatMap((_, unit) => (unit % recompute === 0 ? [sum(inside.slice(unit, unit + recompute))] : []))
    perImage += Math.max(0, ...segments) - sum(inside)
  }
  perImage += all.reduce((most, { passing }) => Math.max(most, passing), 0)
  const parameters = sum(network.layers.flatMap((layer) => layer.parameters.map(({ shape }) => elements(shape))))
  return { perImage: Math.max(perImage, 1), fixed: fixedBytes(parameters, sum(all.map(({ operations }) => operations))) }
}
