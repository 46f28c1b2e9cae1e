import {
  boundaries,
  checkGroups,
  clippedLayers,
  type ExpandedNetwork,
  projectedLayers,
  whitenedLayers,
} from '../../../shared/architecture'
import type { Clipping, Projection, WhiteningSettings } from '../../../shared/configuration'
import type { Tensor } from '../../../shared/ops/graph'
import { UserError } from '../../../shared/errors'
import { fuse } from './fuse'
import { type Constants, groupValues } from './groups'
import { type Layout, parameterLayout, type Slot, statisticLayout } from './layout'
import { halves, type MeasureOptions, narrowHalves, type ReportLayout, reportOf, unitNorms } from './measures'
import { DATA_TYPE, type GraphNode } from './node'
import { clip, isAdam, type Optimiser, OPTIMISER_FEED, update } from './optimise'
import { backwardPass, flatten, forwardPass, tensorsByLayer } from './passes'
import { clipKernel, projectKernel, type Repaired, whitenKernel } from './procrustes'
import type { Variable } from './node-graph'
import { Recomputation } from './recomputation'
import { TensorGraph } from './tensor-graph'

export interface CompileOptions {
  /** Images in a training step. */
  readonly batch: number
  /** Absent for a graph that only measures. */
  readonly optimiser?: Optimiser
  /** Share of each label's probability that is spread over all classes; 0 where absent. */
  readonly labelSmoothing?: number | undefined
  readonly projection?: Pick<Projection, 'layers' | 'method'>
  readonly whitening?: Pick<WhiteningSettings, 'layers'>
  readonly clip?: Pick<Clipping, 'layers' | 'interval'>
  /** Layers whose kernels can be fetched together, as indices into the network's layers; none where absent. */
  readonly snapshot?: readonly number[]
  /** Units whose inner values are computed again on the way back instead of kept; 0, all are kept, where absent. */
  readonly recompute?: number
  /** What a measured step reports; the boundaries' gradient norms where absent. */
  readonly measures?: Partial<MeasureOptions>
  /** Whether our own kernels may be used, which run on the CPU; true where absent. */
  readonly ownKernels?: boolean
}

/** Names of the placeholders that a session call may feed. */
export const FEED = {
  images: 'images',
  labels: 'labels',
  ...OPTIMISER_FEED,
  evaluationImages: 'evaluation_images',
  value: 'value',
  constant: 'constant_value',
  key: 'key',
} as const

/** Names of the nodes that a session call may fetch. */
export const FETCH = {
  /** Measures of one step, and the update unless they are not finite. See `Measures`. */
  step: 'step',
  /** The same for norms of any size, where `step` leaves out the update for norms that it cannot measure; see `hasWideStep`. */
  wideStep: 'wide_step',
  /** The same step, of which only loss, accuracy and the whole gradient's norm are reported. */
  plainStep: 'plain_step',
  /** The measures of `step`, nothing updated. */
  measures: 'measures',
  /** dE/dθ, in the parameters' layout. */
  gradients: 'gradients',
  /** Logits of the training pass [batch, classes]. */
  logits: 'logits',
  /** Norm of each boundary's value, then of the logits: says where a forward pass stops being finite. */
  activations: 'activations',
  /** Logits with moving statistics, of as many images as are fed. */
  evaluationLogits: 'evaluation_logits',
  /** Projects the chosen kernels; whitens the dense ones; clips singular values. The value is the rank found for each; see `Repaired`. */
  project: 'project',
  whiten: 'whiten',
  clip: 'clip',
  /** Some kernels behind one another, as they are. */
  snapshot: 'snapshot',
} as const

/** A vector of the session's state that can be fetched by its name, and set by fetching `set_<name>`. */
export type StateVector = 'parameters' | 'momenta' | 'squares' | 'statistics'

export interface CompiledGraph {
  readonly nodes: readonly GraphNode[]
  readonly parameters: Layout
  readonly statistics: Layout
  /** The vectors that make up the session's state. */
  readonly stateVectors: readonly StateVector[]
  /** To be set once, before the first step. */
  readonly constants: Constants
  /** Whether a training pass draws random numbers, and so has to be fed a key. */
  readonly isRandom: boolean
  readonly report: ReportLayout
  /**
   * Without our own kernels a norm in double precision takes three passes over memory. There `step` measures in single precision and
   * refuses to update where a norm leaves its range, and the caller has to take `wideStep` for the same batch.
   */
  readonly hasWideStep: boolean
  /** Kernels that `project`, `whiten` and `clip` replace. */
  readonly projected: readonly Slot[]
  readonly whitened: readonly Slot[]
  readonly clipped: readonly Slot[]
  /** Kernels that `snapshot` gives, in its order. */
  readonly looked: readonly Slot[]
}

/**
 * The network as one TensorFlow graph: forward and backward pass, gradient norms at the boundaries, update, evaluation, repairs.
 * @throws UserError where a repair has nothing to work on.
 */
export function compile(network: ExpandedNetwork, options: CompileOptions): CompiledGraph {
  const g = new TensorGraph()
  const parameters = parameterLayout(network)
  const statistics = statisticLayout(network)
  if (parameters.length === 0)
    throw new UserError('the network has nothing to learn', { place: network.name, remedy: 'add a convolution or a dense layer' })
  const theta = g.variable('theta', [parameters.length])
  const moving = statistics.length > 0 ? g.variable('moving', [statistics.length]) : undefined
  const momenta = options.optimiser ? g.variable('momentum', [parameters.length]) : undefined
  const squares = options.optimiser && isAdam(options.optimiser) ? g.variable('square', [parameters.length]) : undefined

  const inputShape = network.layers[network.input]!.shape
  const labels = g.placeholder(FEED.labels, [options.batch], 'int32')
  const value = g.read(theta)

  const isRandom = network.layers.some(({ op }) => op.isRandom)
  const key = isRandom ? g.placeholder(FEED.key, [2], 'int32') : g.constant([0, 0], [2], 'int32')
  const pass = forwardPass(g, network, {
    images: g.placeholder(FEED.images, [options.batch, ...inputShape]),
    labels,
    parameters: tensorsByLayer(g, value, parameters),
    statistics: new Map(),
    training: true,
    key,
    labelSmoothing: options.labelSmoothing ?? 0,
  })
  const measured = boundaries(network)
  const { norms = true, activations = false, weights = false } = options.measures ?? {}
  const backward = backwardPass(g, network, pass, new Set(norms ? measured : []), {
    recomputation: options.recompute ? new Recomputation(g, network, pass, options.recompute) : undefined,
  })
  const gradient = g.named(FETCH.gradients, flatten(g, backward.parameters, parameters))
  const logits = pass.results[network.logits]!.output
  const plain = {
    counts: g.pack([pass.results[network.loss]!.output, accuracy(g, logits, labels)]),
    gradient: g.halfSquaredNorm(gradient),
  }
  const felt = norms ? measured.map((layer) => backward.values.get(layer)) : []
  const values = measured.map((layer) => pass.results[layer]!.output)
  const unitHalves = weights ? [unitNorms(g, network, parameters, value)] : []
  const shown = [...felt, ...(activations ? values : [])]
  const ownKernels = options.ownKernels ?? true
  const wide = reportOf(g, plain, [halves(g, shown), ...unitHalves])
  const narrow = ownKernels || shown.every((tensor) => tensor === undefined) ? undefined : narrowHalves(g, shown)
  g.named(FETCH.measures, wide)
  g.named(FETCH.logits, logits)
  g.named(FETCH.activations, g.normsOfHalves(halves(g, [...values, logits])))

  let constants: Constants = {}
  if (options.optimiser && momenta) {
    const { optimiser } = options
    checkGroups(network, optimiser.groups ?? [])
    const groups = groupValues(g, parameters, optimiser)
    constants = groups.constants
    const updates = (go: (value: Tensor) => Tensor): string[] => [
      ...update(g, theta, { first: momenta, ...(squares && { second: squares }) }, value, clip(g, go(gradient), optimiser), optimiser, groups.values), // prettier-ignore
      ...(moving ? [moveStatistics(g, network, moving, statistics, pass.results, go)] : []),
    ]
    // How far the update took each unit's parameters.
    const change = (after: readonly string[]): Tensor => {
      const moved = g.subtract(g.readAfter(theta, after), value)
      return g.normsOfHalves(unitNorms(g, network, parameters, moved))
    }
    const more = weights ? change : undefined
    guarded(g, narrow ? reportOf(g, plain, [narrow.halves, ...unitHalves]) : wide, FETCH.step, updates, {
      more,
      range: narrow?.inRange,
    })
    if (narrow) guarded(g, wide, FETCH.wideStep, updates, { more })
    guarded(g, reportOf(g, plain, []), FETCH.plainStep, updates)
  }
  evaluation(g, network, theta, parameters, moving, statistics, labels, inputShape)
  const state = { parameters: theta, momenta, squares, statistics: moving }
  stateAccess(g, state)
  const stateVectors = (Object.keys(state) as StateVector[]).filter((name) => state[name] !== undefined)
  setters(g, Object.keys(constants), parameters.length)

  const projected = kernels(projectedLayers(network, options.projection?.layers ?? 'none'), parameters)
  const whitened = kernels(whitenedLayers(network, options.whitening?.layers ?? 'none'), parameters)
  if (projected.length > 0)
    replace(g, theta, projected, FETCH.project, (kernel, slot) =>
      projectKernel(g, kernel, gridOf(network, slot), options.projection?.method ?? 'svd'),
    )
  if (whitened.length > 0) replace(g, theta, whitened, FETCH.whiten, (kernel) => whitenKernel(g, kernel))
  const clipped = kernels(clippedLayers(network, options.clip?.layers ?? 'none'), parameters)
  if (clipped.length > 0)
    replace(g, theta, clipped, FETCH.clip, (kernel, slot) =>
      clipKernel(g, kernel, slot.shape.length === 4 ? gridOf(network, slot) : null, options.clip!.interval),
    )
  const looked = kernels(options.snapshot ?? [], parameters)
  if (looked.length > 0) {
    const parts = looked.map(({ offset, length }) => slice(g, value, g.integers([offset]), g.integers([offset + length]), length))
    // TensorFlow joins two or more.
    g.named(FETCH.snapshot, parts.length > 1 ? g.concatenate(parts, 0, [-1]) : parts[0]!)
  }
  return {
    nodes: fuse(g.nodes, { channels: g.normalised, sums: g.sums, detours: g.detours, ownKernels }),
    parameters,
    statistics,
    stateVectors,
    constants,
    isRandom,
    report: { boundaries: measured.length, units: network.units.length, options: { norms, activations, weights } },
    hasWideStep: narrow !== undefined,
    projected,
    whitened,
    clipped,
    looked,
  }
}

const FLOAT = { type: DATA_TYPE.float } as const

/** Share of the rows whose largest logit is the label's. */
function accuracy(g: TensorGraph, logits: Tensor, labels: Tensor): Tensor {
  const attributes = { T: FLOAT, Tidx: { type: DATA_TYPE.int32 }, output_type: { type: DATA_TYPE.int32 } }
  const guess = g.tensor('ArgMax', [logits, g.constant(1, [], 'int32')], labels.shape, attributes, 'int32')
  const right = g.tensor('Equal', [guess, labels], labels.shape, { T: { type: DATA_TYPE.int32 } }, 'bool')
  return g.mean(g.cast(right, 'float'))
}

/**
 * Lets the updates happen only where all measures are finite: at a divergence the weights stay those that diverged, so
 * that it can be traced. TensorFlow's Switch passes a tensor on without a copy, and not at all on the dead side.
 */
function guarded(
  g: TensorGraph,
  report: Tensor,
  name: string,
  updates: (go: (value: Tensor) => Tensor) => readonly string[],
  {
    more,
    range,
  }: { readonly more?: ((after: readonly string[]) => Tensor) | undefined; readonly range?: Tensor | undefined } = {},
): void {
  const finite = g.tensor('IsFinite', [report], report.shape, { T: FLOAT }, 'bool')
  const checks = range ? g.concatenate([finite, range], 0, [-1]) : finite
  const all = g.tensor('All', [checks, g.integers([0])], [], { Tidx: { type: DATA_TYPE.int32 }, keep_dims: { b: false } }, 'bool')
  const go = (value: Tensor): Tensor => ({ ...value, id: `${g.node('Switch', [value.id, all.id], { T: FLOAT })}:1` })
  const split = g.node('Switch', [report.id, all.id], { T: FLOAT })
  const done = updates(go)
  const refused = g.concatenate([{ ...report, id: split }, g.constant([0])], 0, [-1])
  const updated = [g.after({ ...report, id: `${split}:1` }, done), g.constant([1]), ...(more ? [more(done)] : [])]
  g.node('Merge', [refused.id, g.concatenate(updated, 0, [-1]).id], { T: FLOAT, N: { i: 2 } }, name)
}

/** moving ← moving − (1 − m)·(moving − batch), all layers at once. */
function moveStatistics(
  g: TensorGraph,
  network: ExpandedNetwork,
  moving: Variable,
  layout: Layout,
  results: readonly { readonly statistics?: Readonly<Record<string, Tensor>> }[],
  go: (value: Tensor) => Tensor,
): string {
  const byLayer = new Map(results.flatMap((result, i) => (result.statistics ? [[i, result.statistics] as const] : [])))
  const batch = go(flatten(g, byLayer, layout))
  const shares = layout.slots.map(
    (slot) => 1 - network.layers[slot.layer]!.op.statisticMomentum!(network.layers[slot.layer]!.attributes),
  )
  const share = shares.every((other) => other === shares[0])
    ? g.constant(shares[0]!)
    : g.constant(
        layout.slots.flatMap((slot, i) => new Array<number>(slot.length).fill(shares[i]!)),
        [layout.length],
      )
  const step = g.multiply(g.subtract(g.read(moving), batch), share)
  return g.node('AssignSubVariableOp', [moving.handle, step.id], { dtype: FLOAT })
}

/** The forward pass with moving statistics, for any number of images. */
function evaluation(
  g: TensorGraph,
  network: ExpandedNetwork,
  theta: Variable,
  parameters: Layout,
  moving: Variable | undefined,
  statistics: Layout,
  labels: Tensor,
  inputShape: readonly number[],
): void {
  const pass = forwardPass(g, network, {
    images: g.placeholder(FEED.evaluationImages, [-1, ...inputShape]),
    labels,
    parameters: tensorsByLayer(g, g.read(theta), parameters),
    statistics: moving ? tensorsByLayer(g, g.read(moving), statistics) : new Map(),
    training: false,
    key: g.constant([0, 0], [2], 'int32'),
    upTo: network.logits,
  })
  g.named(FETCH.evaluationLogits, pass.results[network.logits]!.output)
}

/** Ways to read and to set each vector of the state. */
function stateAccess(g: TensorGraph, vectors: Readonly<Record<StateVector, Variable | undefined>>): void {
  const value = g.placeholder(FEED.value, [-1])
  // A fed tensor may be the caller's own memory, which an update in place would then write into.
  const copy = g.tensor('DeepCopy', [value], value.shape, { T: FLOAT })
  for (const [name, variable] of Object.entries(vectors)) {
    if (!variable) continue
    g.named(name, g.read(variable))
    g.after(g.constant(1), [g.assign(variable, copy)], `set_${name}`)
  }
}

/** Ways to set the vectors that no step changes. */
function setters(g: TensorGraph, names: readonly string[], length: number): void {
  if (names.length === 0) return
  const value = g.placeholder(FEED.constant, [length])
  const copy = g.tensor('DeepCopy', [value], value.shape, { T: FLOAT })
  // A variable of the same shared name is the same variable.
  for (const name of names) g.after(g.constant(1), [g.assign(g.variable(name, [length]), copy)], `set_${name}`)
}

const SLICE = {
  T: FLOAT,
  Index: { type: DATA_TYPE.int32 },
  begin_mask: { i: 0 },
  end_mask: { i: 0 },
  ellipsis_mask: { i: 0 },
  new_axis_mask: { i: 0 },
  shrink_axis_mask: { i: 0 },
} as const

/** A stretch of a vector. */
function slice(g: TensorGraph, vector: Tensor, from: Tensor, to: Tensor, length: number): Tensor {
  return g.tensor('StridedSlice', [vector, from, to, g.integers([1])], [length], SLICE)
}

/** Replaces some kernels within the parameters' vector, under a name to fetch: gives the rank that was found for each. */
function replace(
  g: TensorGraph,
  theta: Variable,
  slots: readonly Slot[],
  name: string,
  make: (kernel: Tensor, slot: Slot) => Repaired,
): void {
  const value = g.read(theta)
  const ends = slots.map((slot) => [g.integers([slot.offset]), g.integers([slot.offset + slot.length])] as const)
  const made = slots.map((slot, i) => {
    const kernel = g.reshape(slice(g, value, ...ends[i]!, slot.length), slot.shape)
    const repaired = g.within(name, () => make(kernel, slot))
    return { kernel: g.reshape(repaired.kernel, [slot.length]), rank: repaired.rank }
  })
  const written = made.map(({ kernel }, i) =>
    // After all are made: none may read what another has already replaced.
    g.node(
      'ResourceStridedSliceAssign',
      [
        theta.handle,
        ends[i]![0].id,
        ends[i]![1].id,
        g.integers([1]).id,
        kernel.id,
        ...made.map((other) => `^${other.kernel.id.split(':')[0]!}`),
      ],
      SLICE,
    ),
  )
  g.after(g.pack(made.map(({ rank }) => rank)), written, name)
}

/** The kernels of some layers. */
function kernels(layers: readonly number[], layout: Layout): readonly Slot[] {
  return layout.slots.filter(({ layer, role }) => role === 'kernel' && layers.includes(layer))
}

/** The frequency grid of a convolution: its output's sides. */
function gridOf(network: ExpandedNetwork, slot: Slot): [number, number] {
  const [height, width] = network.layers[slot.layer]!.shape
  return [height!, width!]
}
