import type { ExpandedNetwork } from '../../../shared/architecture'
import type { OptimiserDefinition } from '../../../shared/optimisers'
import { fuse } from './fuse'
import type { Constants } from './groups'
import type { Layout, Slot } from './layout'
import type { ReportLayout } from './measures'
import type { GraphNode } from './node'
import type { Optimiser } from './optimise'
import { openContext, type StateVector } from './parts/context'
import { evaluation } from './parts/evaluation'
import { passProbes, snapshotProbe } from './parts/probes'
import { type RepairedSlots, type RepairOptions, repairs } from './parts/repairs'
import { stateAccess } from './parts/state'
import { signalProbe } from './parts/signal'
import { type PassOptions, trainingPass } from './parts/training-pass'
import { trainingStep } from './parts/training-step'
import type { Places } from './replica-graph'

export interface CompileOptions extends PassOptions, RepairOptions {
  /** Absent for a graph that only measures. */
  readonly optimiser?: Optimiser
  /** Layers whose kernels can be fetched together, as indices into the network's layers; none where absent. */
  readonly snapshot?: readonly number[]
  /** Whether the signal on its way forward can be looked at. */
  readonly signal?: boolean
  /** Where the parts of the batch are computed; all of it in one place where absent. */
  readonly places?: Places | undefined
}

export interface CompiledGraph {
  readonly nodes: readonly GraphNode[]
  readonly parameters: Layout
  readonly statistics: Layout
  /** Of what optimisers keep for the sides of kernels. */
  readonly sides: Layout
  /** The vectors that make up the session's state. */
  readonly stateVectors: readonly StateVector[]
  /** Those that parameters have; none where it does not train. */
  readonly optimisers: ReadonlySet<OptimiserDefinition>
  /** To be set once, before the first step. */
  readonly constants: Constants
  /** Whether a training pass draws random numbers, and so has to be fed a key. */
  readonly isRandom: boolean
  readonly report: ReportLayout
  /**
   * Without our own kernels a norm in double precision takes three passes over memory. There `step` measures in single precision and
   * refuses to update where a norm leaves its range, and the caller has to take the wide step for the same batch.
   */
  readonly hasWideStep: boolean
  /** Kernels that repairs replace. */
  readonly repaired: RepairedSlots
  /** Kernels that the snapshot gives, in its order. */
  readonly looked: readonly Slot[]
}

/**
 * The network as one TensorFlow graph: its parts, each with its own names to feed and to fetch, over one context. Their order here is the
 * order of the graph's nodes.
 *
 * @throws UserError where a repair has nothing to work on.
 */
export function compile(network: ExpandedNetwork, options: CompileOptions): CompiledGraph {
  const { optimiser } = options
  const context = openContext(network, options.batch, optimiser, options.places)
  const { g, parameters, statistics } = context
  const pass = trainingPass(context, options)
  passProbes(context, pass)
  if (options.signal) signalProbe(context, pass)
  const constants = optimiser ? trainingStep(context, pass, optimiser) : {}
  evaluation(context)
  const stateVectors = stateAccess(context, constants)
  const repaired = repairs(context, options)
  const looked = snapshotProbe(context, options.snapshot ?? [])
  const ownKernels = options.ownKernels ?? true
  return {
    nodes: fuse(g.nodes, { channels: g.normalised, sums: g.sums, detours: g.detours, ownKernels }),
    optimisers: new Set(context.owners),
    ...{ parameters, statistics, sides: context.sides, stateVectors, constants, repaired, looked },
    ...{ isRandom: pass.isRandom, report: pass.report, hasWideStep: pass.narrow !== undefined },
  }
}
