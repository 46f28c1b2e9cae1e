import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import { kernelOperator } from '../graph/kernel-operator'
import type { Layout } from '../graph/layout'
import { singularValues } from '../graph/polar'
import { projectKernel, whitenKernel } from '../graph/procrustes'
import type { TensorGraph } from '../graph/tensor-graph'
import { computeOnce } from './compute-once'

/** The extreme singular values of a dense kernel, as it is and whitened. */
export interface WhitenedLayer {
  readonly layer: string
  readonly before: [largest: number, smallest: number]
  readonly after: [largest: number, smallest: number]
}

/** A network's parameters with the convolutions of some layers projected; null where none of them has a convolution. */
export function projectedParameters(
  network: ExpandedNetwork,
  layout: Layout,
  parameters: Float32Array,
  layers: readonly number[],
): Float32Array | null {
  const slots = layout.slots.filter(({ layer, shape }) => layers.includes(layer) && shape.length === 4)
  if (slots.length === 0) return null
  const changed = parameters.slice()
  for (const { layer, shape, offset, length } of slots) {
    const operator = kernelOperator(network.layers[layer]!, shape)
    const [kernel] = computeOnce(operator.shape, parameters.slice(offset, offset + length), (g, given) => [
      projectKernel(g, given, operator.grid!, 'svd', operator).kernel,
    ])
    changed.set(kernel!, offset)
  }
  return changed
}

/** What whitening makes of each dense layer. */
export function whitenedLayersOf(network: ExpandedNetwork, layout: Layout, parameters: Float32Array): WhitenedLayer[] {
  return layout.slots
    .filter(({ shape }) => shape.length === 2)
    .map(({ layer, shape, offset, length }) => {
      const values = (g: TensorGraph, kernel: Tensor): Tensor =>
        singularValues(g, g.reshape(g.cast(kernel, 'double'), [1, ...shape]))
      const [before, after] = computeOnce(shape, parameters.slice(offset, offset + length), (g, given) => [
        values(g, given),
        values(g, whitenKernel(g, given).kernel),
      ])
      return { layer: network.layers[layer]!.name, before: ends(before!), after: ends(after!) }
    })
}

const ends = (values: Float32Array): [number, number] => [
  values.reduce((a, b) => Math.max(a, b)),
  values.reduce((a, b) => Math.min(a, b)),
]
