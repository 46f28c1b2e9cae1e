import type { Layer } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import type { TensorGraph } from './tensor-graph'

/** The kernel by which a layer acts that makes it of what it learns. @param parameter By its name in the layer. */
export function actingKernel(g: TensorGraph, layer: Layer, parameter: (name: string) => Tensor): Tensor {
  const { op, attributes, inputShapes, parameters } = layer
  const named = Object.fromEntries(parameters.map(({ name }) => [name, parameter(name)]))
  return op.actingKernel!.make(g, named, inputShapes, attributes)
}
