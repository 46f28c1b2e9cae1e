import type { KernelOperator } from '../graph/kernel-operator'
import { transformKernel } from '../graph/kernel-transform'
import { singularValues } from '../graph/polar'
import { TensorGraph } from '../graph/tensor-graph'
import { Session } from '../tensorflow/session'

/** A convolution's kernel, finite, and the grid of frequencies that it is looked at on. */
export interface GriddedKernel {
  readonly operator: KernelOperator
  readonly values: Float32Array
}

/**
 * The largest and the smallest singular value of each convolution, over the matrices at all frequencies of its grid (Sedghi, Gupta,
 * Long 2019): the decomposition by which `projectKernel` works.
 */
export function singularRanges(kernels: readonly GriddedKernel[]): [largest: number, smallest: number][] {
  if (kernels.length === 0) return []
  const g = new TensorGraph()
  const fetches = kernels.map(({ operator }, i) => {
    const transform = transformKernel(g, g.placeholder(`kernel${i}`, operator.shape), operator.grid!, operator)
    return g.named(`values${i}`, g.cast(singularValues(g, transform.matrices), 'float')).id
  })
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 2 })
  try {
    const feeds = Object.fromEntries(kernels.map(({ operator, values }, i) => [`kernel${i}`, { shape: operator.shape, values }]))
    const found = session.run(feeds, fetches) as Float32Array[]
    return found.map((values) => [values.reduce((a, b) => Math.max(a, b)), values.reduce((a, b) => Math.min(a, b))])
  } finally {
    session.close()
  }
}
