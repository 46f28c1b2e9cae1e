import type { Tensor } from '../../../shared/ops/graph'
import { TensorGraph } from '../graph/tensor-graph'
import { Session } from '../tensorflow/session'

/**
 * What a graph makes of one tensor, in a session of its own. On the CPU: decompositions of small matrices are no work for a GPU, which a run
 * may be training on.
 *
 * @param build The tensors that are wanted, of the one that is given.
 * @returns each as singles.
 */
export function computeOnce(
  shape: readonly number[],
  values: Float32Array,
  build: (g: TensorGraph, given: Tensor) => readonly Tensor[],
): Float32Array[] {
  const g = new TensorGraph()
  const fetches = build(g, g.placeholder('given', shape)).map((tensor, i) => g.named(`found${i}`, g.cast(tensor, 'float')).id)
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 1, isOnCpu: true })
  try {
    return session.run({ given: { shape, values } }, fetches) as Float32Array[]
  } finally {
    session.close()
  }
}
