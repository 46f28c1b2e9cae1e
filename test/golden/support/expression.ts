import { TensorGraph } from '../../../main/engine/graph/tensor-graph'
import { type Feed, Session } from '../../../main/engine/tensorflow/session'
import type { Tensor } from '../../../shared/ops/graph'

/** A small graph that is open: values by placeholder in, values of the fetched tensors out. One owner, who closes it. */
export interface Expression {
  run(feeds?: Readonly<Record<string, Feed>>): (Float32Array | Int32Array)[]
  close(): void
}

/**
 * A graph of the engine's own words, in a session of its own.
 * @param build Returns the tensors to compute, floats or int32.
 */
export function openExpression(build: (g: TensorGraph) => readonly Tensor[]): Expression {
  const g = new TensorGraph()
  // Each under a name of its own: an output may be the second of its node, or the placeholder itself.
  const fetches = build(g).map((tensor, i) => g.named(`fetch${i}`, tensor).id)
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 1 })
  return { run: (feeds = {}) => session.run(feeds, fetches), close: () => session.close() }
}

/** Computes once. */
export function evaluate(
  build: (g: TensorGraph) => readonly Tensor[],
  feeds: Readonly<Record<string, Feed>> = {},
): Float32Array[] {
  const expression = openExpression(build)
  try {
    return expression.run(feeds) as Float32Array[]
  } finally {
    expression.close()
  }
}
