import { UserError } from '../errors'
import type { Dtype, Graph, Tensor } from './graph'

/** A graph holds each number of it: a gigabyte at twice the side. */
const MOST = 8192

/** The identity matrix, as a stack of one. @throws UserError where a graph cannot hold it. */
export function eye(g: Graph, side: number, dtype: Dtype = 'float'): Tensor {
  if (side > MOST)
    throw new UserError(`a kernel of ${side} channels needs an identity matrix of that side, and ${MOST} is the most`, {
      remedy: 'make the layer narrower',
    })
  return g.constant(
    Array.from({ length: side * side }, (_, i) => (i % (side + 1) === 0 ? 1 : 0)),
    [1, side, side],
    dtype,
  )
}
