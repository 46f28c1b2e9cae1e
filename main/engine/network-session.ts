import os from 'node:os'
import { elements } from '../../shared/ops/op'
import { depthScaling, type ExpandedNetwork } from '../../shared/architecture'
import type { Signal } from '../../shared/norms/signal'
import { type CompiledGraph, compile, type CompileOptions } from './graph/compile'
import { isGpu } from './devices'
import { type Measures, readMeasures } from './graph/measures'
import { kernelOperator } from './graph/kernel-operator'
import { type Optimiser, optimiserFeeds } from './graph/optimise'
import { LABELS, type StateVector } from './graph/parts/context'
import { EVALUATION } from './graph/parts/evaluation'
import { PROBE } from './graph/parts/probes'
import { readMoments } from './graph/parts/signal'
import { REPAIR } from './graph/parts/repairs'
import { setterOf, STATE_FEED } from './graph/parts/state'
import { PASS_FEED } from './graph/parts/training-pass'
import { STEP } from './graph/parts/training-step'
import { NOT_FINITE } from './graph/procrustes'
import { layoutOf } from './graph/state-layouts'
import { optimiserSettings } from './graph/update/settings'
import type { Spread } from './spread'
import { Session } from './tensorflow/session'

export interface Batch {
  /** Standardised images [batch, height, width, channels], row-major. */
  readonly images: Float32Array
  readonly labels: Int32Array
  /** Two whole numbers that the pass's random numbers come from, dropout's for one; zeros where absent. */
  readonly key?: readonly [number, number]
}

/** What a repair found in one kernel. */
export interface RepairedKernel {
  /** `transition1.conv.kernel`. */
  readonly name: string
  /** False where it holds something that is not finite, and was left alone. */
  readonly isFinite: boolean
  /** The least rank of its matrices; NaN where that is not known. */
  readonly rank: number
  /** The rank that none of its matrices should lack. */
  readonly fullRank: number
}

export interface NetworkSessionOptions extends CompileOptions {
  /** CPU threads of one operation; the machine's cores where absent. */
  readonly threads?: number | undefined
  /** How a training pass is spread over devices or processes; not at all where absent. */
  readonly spread?: Spread | undefined
}

/** A compiled network with its parameters in TensorFlow. One owner, who closes it. */
export class NetworkSession {
  readonly graph: CompiledGraph
  private readonly session: Session
  private readonly inputShape: readonly number[]
  /** Whether the last norms left what single precision can square. */
  private isWide = false
  /** What the optimiser is fed by: ε follows the network's depth where that is asked for. */
  private readonly fed: Optimiser | undefined

  constructor(
    readonly network: ExpandedNetwork,
    private readonly options: NetworkSessionOptions,
  ) {
    const { spread, optimiser } = options
    const depth = depthScaling(network, optimiser?.depth)
    this.fed = depth && optimiser ? { ...optimiser, epsilon: optimiserSettings(optimiser).epsilon * depth.epsilon } : optimiser
    this.graph = compile(network, { ...options, ownKernels: options.ownKernels ?? !isGpu(), places: spread?.places })
    const threads = options.threads ?? os.cpus().length
    // The way back has two branches a layer, to the input's gradient and to the kernel's: the second fills what the first leaves.
    const session = { threads, parallelOperations: 2, ...spread?.session }
    this.session = Session.open(this.graph.nodes, session, spread?.target?.(session))
    this.inputShape = network.layers[network.input]!.shape
    this.reset()
    for (const [name, values] of Object.entries(this.graph.constants))
      this.session.run({ [STATE_FEED.constant]: { shape: [values.length], values } }, [setterOf(name)])
  }

  /** Moving statistics and the optimiser's vectors as they are before the first step; the parameters stay. */
  reset(): void {
    this.set('statistics', startStatistics(this.network, this.graph))
    for (const vector of this.graph.stateVectors)
      if (vector !== 'parameters' && vector !== 'statistics')
        this.set(vector, new Float32Array(layoutOf(this.graph, vector).length))
  }

  /**
   * One step of the optimiser at this rate: measures first, then the update.
   * @param step The how-manieth of the run, from 1; Adam's corrections want to know.
   * @param isMeasured False for loss, accuracy and the whole gradient's norm alone.
   * @param looksAtSignal Whether the signal on the way forward is looked at too, in a session that can.
   */
  step(batch: Batch, rate: number, step = 1, isMeasured = true, looksAtSignal = false): Measures & { readonly signal?: Signal } {
    if (!this.fed) throw new Error('a session without an optimiser cannot step')
    const scalars = Object.entries(optimiserFeeds(this.graph.optimisers, this.fed, rate, step)).map(
      ([name, value]) => [name, { shape: [], values: Float32Array.of(value) }] as const,
    )
    const feeds = { ...this.feed(batch), ...Object.fromEntries(scalars) }
    const looks = looksAtSignal && this.network.units.length > 0
    const run = (fetch: string): { measures: Measures & { readonly signal?: Signal }; updated: boolean } => {
      const [report, moments] = this.session.run(feeds, looks ? [fetch, PROBE.signal] : [fetch])
      const { measures, updated } = readMeasures(report as Float32Array, this.graph.report, isMeasured)
      return { measures: { ...measures, ...(moments && { signal: this.signalOf(moments as Float32Array) }) }, updated }
    }
    if (!isMeasured) return run(STEP.plain).measures
    if (!this.graph.hasWideStep) return run(STEP.step).measures
    // A network whose norms need it once will most likely need it again.
    const narrow = this.isWide ? undefined : run(STEP.step)
    if (narrow?.updated) return narrow.measures
    const wide = run(STEP.wide).measures
    this.isWide = [...wide.norms, ...(wide.activations ?? [])].some(
      (norm) => norm < LEAST_NARROW_NORM || norm > GREATEST_NARROW_NORM,
    )
    return wide
  }

  /** The measures of a step that changes nothing. @param looksAtSignal Only where the session was made for it. */
  measure(batch: Batch, looksAtSignal = this.options.signal === true): Measures & { readonly signal?: Signal } {
    const looks = looksAtSignal && this.network.units.length > 0
    const [report, moments] = this.session.run(this.feed(batch), looks ? [PROBE.measures, PROBE.signal] : [PROBE.measures])
    const { measures } = readMeasures(report as Float32Array, this.graph.report, true)
    return { ...measures, ...(moments && { signal: this.signalOf(moments as Float32Array) }) }
  }

  private signalOf(moments: Float32Array): Signal {
    return readMoments(this.network, moments, this.options.spread?.places?.parts.length ?? 1)
  }

  /** Everything that one forward and backward pass in training mode can tell. */
  differentiate(batch: Batch): { measures: Measures; gradients: Float32Array; logits: Float32Array } {
    const [report, gradients, logits] = this.session.run(this.feed(batch), [PROBE.measures, PROBE.gradients, PROBE.logits])
    return {
      measures: readMeasures(report as Float32Array, this.graph.report, true).measures,
      gradients: gradients as Float32Array,
      logits: logits as Float32Array,
    }
  }

  /** Norm of the value at each boundary and of the logits, forward order. */
  activations(batch: Batch): Float32Array {
    return this.session.run(this.feed(batch), [PROBE.activations])[0] as Float32Array
  }

  /** Logits [images, classes], with moving statistics, of as many images as there are. */
  evaluate(images: Float32Array): Float32Array {
    const perImage = elements(this.inputShape)
    const shape = [images.length / perImage, ...this.inputShape]
    return this.session.run({ [EVALUATION.images]: { shape, values: images } }, [EVALUATION.logits])[0] as Float32Array
  }

  /** Replaces the chosen kernels by their norm-preserving projections. @returns what was found, kernel by kernel. */
  project(): RepairedKernel[] {
    return this.repair('project')
  }

  /** Replaces the chosen dense kernels by their whitenings. */
  whiten(): RepairedKernel[] {
    return this.repair('whiten')
  }

  /** Puts singular values of the chosen kernels that left their interval back into it. */
  clip(): RepairedKernel[] {
    return this.repair('clip')
  }

  /** The kernels of the layers that `snapshot` named, behind one another in the order of `graph.looked`. */
  snapshot(): Float32Array {
    return this.session.run({}, [PROBE.snapshot])[0] as Float32Array
  }

  private repair(what: keyof typeof REPAIR): RepairedKernel[] {
    const slots = this.graph.repaired[what]
    if (slots.length === 0) return []
    const ranks = this.session.run({}, [REPAIR[what]])[0] as Float32Array
    return slots.map(({ name, layer, shape }, i) => {
      const isFinite = ranks[i] !== NOT_FINITE
      return {
        name,
        isFinite,
        rank: isFinite ? ranks[i]! : NaN,
        fullRank: kernelOperator(this.network.layers[layer]!, shape).fullRank,
      }
    })
  }

  get(vector: StateVector): Float32Array {
    if (vector === 'statistics' && this.graph.statistics.length === 0) return new Float32Array(0)
    return this.session.run({}, [vector])[0] as Float32Array
  }

  set(vector: StateVector, values: Float32Array): void {
    if (vector === 'statistics' && this.graph.statistics.length === 0) return
    this.session.run({ [STATE_FEED.value]: { shape: [values.length], values } }, [setterOf(vector)])
  }

  close(): void {
    this.session.close()
  }

  private feed({
    images,
    labels,
    key = [0, 0],
  }: Batch): Record<string, { shape: readonly number[]; values: Float32Array | Int32Array }> {
    return {
      [PASS_FEED.images]: { shape: [this.options.batch, ...this.inputShape], values: images },
      [LABELS]: { shape: [this.options.batch], values: labels },
      ...(this.graph.isRandom && { [PASS_FEED.key]: { shape: [2], values: Int32Array.from(key) } }),
    }
  }
}

/** Norms within these are left to the step in single precision; with some room to what it refuses. */
const LEAST_NARROW_NORM = 1e-11
const GREATEST_NARROW_NORM = 1e18

function startStatistics(network: ExpandedNetwork, { statistics }: CompiledGraph): Float32Array {
  const values = new Float32Array(statistics.length)
  for (const slot of statistics.slots) {
    const spec = network.layers[slot.layer]!.statistics.find(({ name }) => name === slot.local)!
    values.fill(spec.start, slot.offset, slot.offset + slot.length)
  }
  return values
}
