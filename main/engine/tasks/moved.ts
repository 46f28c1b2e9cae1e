import os from 'node:os'
import { boundaries, checkNormValues, expand, type ExpandedNetwork, networkFromDocument } from '../../../shared/architecture'
import type { Tensor } from '../../../shared/ops/graph'
import { type Layout, parameterLayout } from '../graph/layout'
import { forwardPass, tensorsByLayer } from '../graph/passes'
import { TensorGraph } from '../graph/tensor-graph'
import type { MovedFound, MovedTask, TaskProgress } from '../questions'
import { Session } from '../tensorflow/session'
import { runBatch } from '../training/first-batch'
import { firstWeights } from '../training/first-weights'
import { readWeightsFor } from '../weights'

const NAMES = { parameters: 'parameters', images: 'images', stream: 'stream', logits: 'logits' } as const

/**
 * How far training has moved what leaves the last unit, and the logits, from where its first step began: root mean square over all entries, on the images of
 * that step without augmentation, in training mode (batch norm by the batch's statistics, dropout drawn alike both times).
 *
 * @throws UserError where network, weights and data do not fit.
 */
export async function measureMoved(task: MovedTask, tell: (progress: TaskProgress) => void): Promise<MovedFound> {
  const network = expand(networkFromDocument(task.network))
  checkNormValues(network, task.batch)
  const layout = parameterLayout(network)
  tell({ phase: 'compiling' })
  const batch = runBatch(task)
  const before = await firstWeights(network, layout, task, () => batch)
  const after = await readWeightsFor(network, task.weights, layout)
  const shape = [task.batch, ...network.layers[network.input]!.shape]
  const session = Session.open(values(network, layout, shape, batch.key ?? [0, 0]), {
    threads: os.cpus().length,
    parallelOperations: 2,
  })
  try {
    tell({ phase: 'measuring' })
    const pass = (parameters: Float32Array): Float32Array[] => {
      const feeds = {
        [NAMES.images]: { shape, values: batch.images },
        [NAMES.parameters]: { shape: [layout.length], values: parameters },
      }
      return session.run(feeds, [NAMES.stream, NAMES.logits]).map((found) => (found as Float32Array).slice())
    }
    const [first, last] = [pass(before), pass(after)]
    return {
      blocks: network.units.filter(({ kind }) => kind === 'block').length,
      ...{ stream: rootMeanSquare(last[0]!, first[0]!), logits: rootMeanSquare(last[1]!, first[1]!) },
      ...{ streamBefore: rootMeanSquare(first[0]!), logitsBefore: rootMeanSquare(first[1]!) },
    }
  } finally {
    session.close()
  }
}

/** The forward pass, of which the last boundary's value and the logits can be fetched. */
function values(
  network: ExpandedNetwork,
  layout: Layout,
  shape: readonly number[],
  key: readonly [number, number],
): TensorGraph['nodes'] {
  const g = new TensorGraph()
  const { results } = forwardPass(g, network, {
    images: g.placeholder(NAMES.images, shape),
    labels: g.constant(new Array<number>(shape[0]!).fill(0), [shape[0]!], 'int32'),
    parameters: tensorsByLayer(g, g.placeholder(NAMES.parameters, [layout.length]), layout),
    statistics: new Map<number, Record<string, Tensor>>(),
    training: true,
    key: g.constant([...key], [2], 'int32'),
    upTo: network.logits,
  })
  const last = boundaries(network).at(-1) ?? network.logits
  g.named(NAMES.stream, results[last]!.output)
  g.named(NAMES.logits, results[network.logits]!.output)
  return g.nodes
}

/** Of the values less the others, in double precision. */
function rootMeanSquare(values: Float32Array, less?: Float32Array): number {
  const sum = values.reduce((total, value, i) => total + (value - (less?.[i] ?? 0)) ** 2, 0)
  return Math.sqrt(sum / values.length)
}
