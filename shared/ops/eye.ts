import type { Dtype, Graph, Tensor } from './graph'

/** The identity matrix, as a stack of one. */
export const eye = (g: Graph, side: number, dtype: Dtype = 'float'): Tensor =>
  g.constant(Array.from({ length: side * side }, (_, i) => (i % (side + 1) === 0 ? 1 : 0)), [1, side, side], dtype) // prettier-ignore
