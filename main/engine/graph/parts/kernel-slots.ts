import type { Tensor } from '../../../../shared/ops/graph'
import type { Layout, Slot } from '../layout'
import { DATA_TYPE } from '../node'
import type { TensorGraph } from '../tensor-graph'

/** The kernels of some layers. */
export function kernelSlots(layers: readonly number[], layout: Layout): readonly Slot[] {
  return layout.slots.filter(({ layer, role }) => role === 'kernel' && layers.includes(layer))
}

/** Attributes of an operation on a stretch of a vector, of singles. */
export const STRETCH = {
  T: { type: DATA_TYPE.float },
  Index: { type: DATA_TYPE.int32 },
  begin_mask: { i: 0 },
  end_mask: { i: 0 },
  ellipsis_mask: { i: 0 },
  new_axis_mask: { i: 0 },
  shrink_axis_mask: { i: 0 },
} as const

/** A stretch of a vector. */
export function stretch(g: TensorGraph, vector: Tensor, from: Tensor, to: Tensor, length: number): Tensor {
  return g.tensor('StridedSlice', [vector, from, to, g.integers([1])], [length], STRETCH)
}
