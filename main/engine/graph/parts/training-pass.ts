import { boundaries } from '../../../../shared/architecture'
import type { Tensor } from '../../../../shared/ops/graph'
import { halves, type MeasureOptions, narrowHalves, type ReportLayout, reportOf, unitNorms } from '../measures'
import { DATA_TYPE } from '../node'
import { backwardPass, flatten, type ForwardPass, forwardPass, tensorsByLayer } from '../passes'
import { Recomputation } from '../recomputation'
import type { TensorGraph } from '../tensor-graph'
import type { GraphContext } from './context'
import { PROBE } from './probes'

export interface PassOptions {
  /** Images in it. */
  readonly batch: number
  /** Share of each label's probability that is spread over all classes; 0 where absent. */
  readonly labelSmoothing?: number | undefined
  /** Units whose inner values are computed again on the way back instead of kept; 0, all are kept, where absent. */
  readonly recompute?: number
  /** What a measured step reports; the boundaries' gradient norms where absent. */
  readonly measures?: Partial<MeasureOptions>
  /** Whether our own kernels may be used, which run on the CPU; true where absent. */
  readonly ownKernels?: boolean
}

/** Placeholders of a training pass, beside the labels. */
export const PASS_FEED = { images: 'images', key: 'key' } as const

/** One forward and backward pass in training mode with what is measured of it: what the step updates by, and probes show. */
export interface TrainingPass {
  readonly forward: ForwardPass
  /** dE/dθ, in the parameters' layout. */
  readonly gradient: Tensor
  readonly logits: Tensor
  /** Half the squared norm of each boundary's value in forward order, then of the logits; made when it is asked for. */
  readonly activations: () => Tensor
  /** Loss, accuracy and half the whole gradient's squared norm. */
  readonly plain: { readonly counts: Tensor; readonly gradient: Tensor }
  /** Half the squared norms of units' parameters, where they are measured. */
  readonly unitHalves: readonly Tensor[]
  /** The whole report, for norms of any size. */
  readonly wide: Tensor
  /** Without our own kernels, the boundaries' norms in single precision; see `CompiledGraph.hasWideStep`. */
  readonly narrow: ReturnType<typeof narrowHalves> | undefined
  readonly report: ReportLayout
  /** Whether it draws random numbers, and so has to be fed a key. */
  readonly isRandom: boolean
}

export function trainingPass(context: GraphContext, options: PassOptions): TrainingPass {
  const { g, network, parameters, labels, value } = context
  const isRandom = network.layers.some(({ op }) => op.isRandom)
  const key = isRandom ? g.placeholder(PASS_FEED.key, [2], 'int32') : g.constant([0, 0], [2], 'int32')
  const part = {
    images: g.scatter(g.placeholder(PASS_FEED.images, [options.batch, ...network.layers[network.input]!.shape])),
    labels: g.scatter(labels),
    key: g.broadcast(key),
    value: g.broadcast(value),
  }
  const forward = g.onEach(() =>
    forwardPass(g, network, {
      ...part,
      parameters: tensorsByLayer(g, part.value, parameters),
      statistics: new Map(),
      training: true,
      labelSmoothing: options.labelSmoothing ?? 0,
    }),
  )
  const measured = boundaries(network)
  const { norms = true, activations = false, weights = false } = options.measures ?? {}
  const backward = g.onEach(() =>
    backwardPass(g, network, forward, new Set(norms ? measured : []), {
      recomputation: options.recompute ? new Recomputation(g, network, forward, options.recompute) : undefined,
    }),
  )
  const gradient = g.named(PROBE.gradients, g.total(g.onEach(() => flatten(g, backward.parameters, parameters))))
  const logits = forward.results[network.logits]!.output
  const right = g.onEach(() => accuracy(g, logits, part.labels))
  const plain = {
    counts: g.pack([g.average(forward.results[network.loss]!.output), g.average(right)]),
    gradient: g.halfSquaredNorm(gradient),
  }
  const felt = norms ? measured.map((layer) => backward.values.get(layer)) : []
  const values = measured.map((layer) => forward.results[layer]!.output)
  const unitHalves = weights ? [unitNorms(g, network, parameters, value)] : []
  const shown = [...felt, ...(activations ? values : [])]
  const wide = reportOf(g, plain, [g.total(g.onEach(() => halves(g, shown))), ...unitHalves])
  const isNarrow = !(options.ownKernels ?? true) && shown.some((tensor) => tensor !== undefined)
  return {
    ...{ forward, gradient, plain, unitHalves, wide, isRandom },
    logits: g.gather(logits),
    activations: () => g.total(g.onEach(() => halves(g, [...values, logits]))),
    narrow: isNarrow ? narrowOfAll(g, shown) : undefined,
    report: { boundaries: measured.length, units: network.units.length, options: { norms, activations, weights } },
  }
}

/** Half the squared norms in single precision, where those of every part of the batch can be measured so. */
function narrowOfAll(g: TensorGraph, shown: readonly (Tensor | undefined)[]): ReturnType<typeof narrowHalves> {
  const { halves: parts, inRange } = g.onEach(() => narrowHalves(g, shown))
  return { halves: g.total(parts), inRange: g.gather(inRange) }
}

/** Share of the rows whose largest logit is the label's. */
function accuracy(g: TensorGraph, logits: Tensor, labels: Tensor): Tensor {
  const attributes = { T: { type: DATA_TYPE.float }, Tidx: { type: DATA_TYPE.int32 }, output_type: { type: DATA_TYPE.int32 } }
  const guess = g.tensor('ArgMax', [logits, g.constant(1, [], 'int32')], labels.shape, attributes, 'int32')
  const right = g.tensor('Equal', [guess, labels], labels.shape, { T: { type: DATA_TYPE.int32 } }, 'bool')
  return g.mean(g.cast(right, 'float'))
}
