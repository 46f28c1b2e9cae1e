import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import type { Tensor } from '../../../../shared/ops/graph'
import { isOptimiserMatrix, OPTIMISER_STATE, type OptimiserDefinition, type OptimiserState } from '../../../../shared/optimisers'
import { type Layout, parameterLayout, statisticLayout } from '../layout'
import type { Variable } from '../node-graph'
import type { Optimiser } from '../optimise'
import { type Places, ReplicaGraph } from '../replica-graph'
import { TensorGraph } from '../tensor-graph'
import { ownersOf } from '../update/owners'
import { optimiserSettings } from '../update/settings'
import { sideLayout, type SideLayout } from '../update/side-layout'

/** A vector of the session's state that can be fetched by its name, and set by fetching its `setterOf`. */
export type StateVector = 'parameters' | OptimiserState | 'statistics'

/** What the parts of a compiled graph share: one graph, the network with its layouts, and the variables that it keeps. */
export interface GraphContext {
  readonly g: TensorGraph
  readonly network: ExpandedNetwork
  readonly parameters: Layout
  readonly statistics: Layout
  /** All that a session keeps from call to call; absent where network or optimiser have no use for it. */
  readonly state: Readonly<Partial<Record<StateVector, Variable | undefined>>>
  /** What of it optimisers keep. */
  readonly kept: Readonly<Partial<Record<OptimiserState, Variable>>>
  /** How the state's matrices of kernels' sides lie. */
  readonly sides: SideLayout
  readonly theta: Variable
  /** Which optimiser has each parameter, in the layout's order; empty for a graph that does not train. */
  readonly owners: readonly OptimiserDefinition[]
  /** The labels of a training step's images [batch]. */
  readonly labels: Tensor
  /** The parameters as they are before a step. */
  readonly value: Tensor
}

/** Of the labels: the one placeholder that every pass has. */
export const LABELS = 'labels'

/** @throws UserError where the network has no parameter. */
export function openContext(
  network: ExpandedNetwork,
  batch: number,
  optimiser: Optimiser | undefined,
  places?: Places,
): GraphContext {
  const g = places ? new ReplicaGraph(places) : new TensorGraph()
  const parameters = parameterLayout(network)
  const statistics = statisticLayout(network)
  if (parameters.length === 0)
    throw new UserError('the network has nothing to learn', { place: network.name, remedy: 'add a convolution or a dense layer' })
  const theta = g.variable('theta', [parameters.length])
  const moving = statistics.length > 0 ? g.variable('moving', [statistics.length]) : undefined
  const owners = optimiser ? ownersOf(network, parameters, optimiser) : []
  const sides = sideLayout(network, parameters, owners, optimiserSettings(optimiser))
  const kept: Partial<Record<OptimiserState, Variable>> = {}
  for (const name of OPTIMISER_STATE) {
    if (owners.some(({ vectors, matrices = [] }) => [...vectors, ...matrices].includes(name)))
      kept[name] = g.variable(`kept_${name}`, [isOptimiserMatrix(name) ? sides.length : parameters.length])
  }
  const labels = g.placeholder(LABELS, [batch], 'int32')
  const state = { parameters: theta, ...kept, statistics: moving }
  return { g, network, parameters, statistics, state, kept, sides, theta, owners, labels, value: g.read(theta) }
}
