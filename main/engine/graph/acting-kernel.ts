import type { Layer } from '../../../shared/architecture'
import type { OpDefinition } from '../../../shared/ops/op'
import type { Tensor } from '../../../shared/ops/graph'
import type { TensorGraph } from './tensor-graph'

export type MakesKernel = NonNullable<OpDefinition['innerKernel']>

/** The kernel by which a layer acts that makes it of what it learns. @param parameter By its name in the layer. */
export function actingKernel(g: TensorGraph, layer: Layer, parameter: (name: string) => Tensor): Tensor {
  return madeKernel(g, layer, layer.op.actingKernel!, parameter)
}

/** One of the kernels that it makes. */
export function madeKernel(g: TensorGraph, layer: Layer, by: MakesKernel, parameter: (name: string) => Tensor): Tensor {
  const { attributes, inputShapes, parameters } = layer
  const named = Object.fromEntries(parameters.map(({ name }) => [name, parameter(name)]))
  return by.make(g, named, inputShapes, attributes)
}
