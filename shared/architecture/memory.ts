import { elements, type Shape } from '../ops/op'
import type { ExpandedNetwork } from './expand'

const FLOAT_BYTES = 4
/** Parameters, gradients, their flat copy, and the slots of the optimiser. */
const PARAMETER_COPIES = 5

/** Bytes of one layer's value that the way back wants, for each image. */
export function keptBytes(kind: string, shape: Shape): number {
  // A ReLU's value takes the place of what it rectifies.
  return kind === 'relu' ? 0 : FLOAT_BYTES * elements(shape)
}

/** Bytes that a network takes whatever the batch. */
export function fixedBytes(parameters: number): number {
  return PARAMETER_COPIES * FLOAT_BYTES * parameters
}

/**
 * About how much memory a training step takes, TensorFlow itself not counted: the values that the way back wants, and the
 * parameters with all that belongs to them. High by up to a third, since some values are let go before.
 *
 * @param recompute Units whose inner values are computed again, as in the settings; 0 keeps all.
 * @returns bytes: those of one image, and those that do not depend on the batch.
 */
export function trainingMemory(network: ExpandedNetwork, recompute = 0): { perImage: number; fixed: number } {
  const bytes = (layer: number): number => {
    const { op, shape } = network.layers[layer]!
    return keptBytes(op.kind, shape)
  }
  const all = network.layers.map((_, layer) => bytes(layer))
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  let perImage = sum(all)
  if (recompute > 0) {
    const inside = network.units.map(({ layers, output }) => sum(layers.filter((layer) => layer !== output).map(bytes)))
    // One segment at a time has its inner values.
    const segments = inside.flatMap((_, unit) => (unit % recompute === 0 ? [sum(inside.slice(unit, unit + recompute))] : []))
    perImage += Math.max(0, ...segments) - sum(inside)
  }
  const parameters = sum(network.layers.flatMap((layer) => layer.parameters.map(({ shape }) => elements(shape))))
  return { perImage: Math.max(perImage, 1), fixed: fixedBytes(parameters) }
}
