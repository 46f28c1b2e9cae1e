import {
  checkNormValues,
  criticalityOf,
  expand,
  networkFromDocument,
  recordedUnits,
  foreseenSignal,
  projectableTransitions,
} from '../../../shared/architecture'
import { ratios } from '../../../shared/norms/ratio'
import { Catalogue } from '../../datasets/catalogue'
import { standardisationOf } from '../../datasets/standardisation'
import { type KernelOperator, kernelOperator } from '../graph/kernel-operator'
import type { Slot } from '../graph/layout'
import { type Batch, NetworkSession } from '../network-session'
import type { InitialFound, InitialTask, TaskProgress } from '../questions'
import { firstBatch } from '../training/first-batch'
import { startValues } from '../training/start-values'
import { readWeightsFor } from '../weights'
import { singularRanges, type GriddedKernel } from './singular-range'

/** Passes that are timed, after one that warms up; the quickest is told. */
const PASSES = 3

/**
 * A network's ratios before any training, on the batch that the first step of a run with this seed would take; then with the
 * convolutions of the stem and the transitions projected.
 *
 * @throws UserError where network and data set or weights do not fit.
 */
export async function measureInitial(task: InitialTask, tell: (progress: TaskProgress) => void): Promise<InitialFound> {
  const network = expand(networkFromDocument(task.network))
  checkNormValues(network, task.batch)
  tell({ phase: 'compiling' })
  const projection = { layers: projectableTransitions(network).length > 0 ? 'transitions' : 'none', method: 'svd' } as const
  const session = new NetworkSession(network, { batch: task.batch, projection, signal: true })
  try {
    const batch = startBatch(task)
    session.set('parameters', await parameters(task, session, batch))
    tell({ phase: 'measuring' })
    const measure = (): InitialFound['plain'] => {
      const { loss, norms, signal = null } = session.measure(batch)
      return { loss, norms, ratios: ratios(norms), signal }
    }
    const plain = measure()
    const passMs = task.timed ? Math.min(...times(PASSES, () => void session.measure(batch, false))) : null
    const before = singularRanges(projectedKernels(session))
    const projected = session.project().length > 0 ? measure() : null
    const after = singularRanges(projectedKernels(session))
    return {
      units: recordedUnits(network),
      plain,
      projected,
      // Whoever brings weights of his own has no theory for them.
      predicted: plain.signal && task.weights === undefined ? foreseenSignal(network, task, plain.signal) : null,
      critical: task.weights === undefined ? criticalityOf(network, task) : [],
      passMs,
      kernels: projectedOperators(session).map(({ layer, shape, groups }, i) => ({
        layer: network.layers[layer]!.name,
        before: before[i]!,
        after: Math.sqrt(shape[3]! / (shape[2]! * groups)),
        reached: after[i]!,
      })),
    }
  } finally {
    session.close()
  }
}

/** Milliseconds of so many calls, one after another. */
function times(count: number, work: () => void): number[] {
  return Array.from({ length: count }, () => {
    const began = performance.now()
    work()
    return performance.now() - began
  })
}

async function parameters(task: InitialTask, { network, graph }: NetworkSession, batch: Batch): Promise<Float32Array> {
  if (task.weights === undefined) return startValues(network, graph.parameters, task, () => batch)
  return readWeightsFor(network, task.weights, graph.parameters)
}

/** Of the whole training split, standardised a channel. */
function startBatch({ data, dataFolder, batch, seed }: Pick<InitialTask, 'data' | 'dataFolder' | 'batch' | 'seed'>): Batch {
  const catalogue = new Catalogue(dataFolder)
  const train = catalogue.openSplit(data, 'train')
  try {
    return firstBatch(train, standardisationOf(catalogue.describe(data), train, 'channel'), batch, seed)
  } finally {
    train.close()
  }
}

/** The kernels that `project` takes, each with its layer. */
function projectedOperators({ network, graph }: NetworkSession): (KernelOperator & Pick<Slot, 'layer' | 'offset' | 'length'>)[] {
  return graph.repaired.project.map(({ layer, shape, offset, length }) => {
    return { ...kernelOperator(network.layers[layer]!, shape), layer, offset, length }
  })
}

/** The same as they are now, on the projection's grid. */
function projectedKernels(session: NetworkSession): GriddedKernel[] {
  if (session.graph.repaired.project.length === 0) return []
  const values = session.get('parameters')
  return projectedOperators(session).map(({ offset, length, ...operator }) => {
    return { operator, values: values.slice(offset, offset + length) }
  })
}
