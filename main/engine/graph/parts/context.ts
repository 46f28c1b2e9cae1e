import type { ExpandedNetwork } from '../../../../shared/architecture'
import { UserError } from '../../../../shared/errors'
import type { Tensor } from '../../../../shared/ops/graph'
import type { OptimiserDefinition, OptimiserVector } from '../../../../shared/optimisers'
import { type Layout, parameterLayout, statisticLayout } from '../layout'
import type { Variable } from '../node-graph'
import type { Optimiser } from '../optimise'
import { type Places, ReplicaGraph } from '../replica-graph'
import { TensorGraph } from '../tensor-graph'
import { ownersOf } from '../update/owners'

/** A vector of the session's state that can be fetched by its name, and set by fetching its `setterOf`. */
export type StateVector = 'parameters' | OptimiserVector | 'statistics'

/** What the parts of a compiled graph share: one graph, the network with its layouts, and the variables that it keeps. */
export interface GraphContext {
  readonly g: TensorGraph
  readonly network: ExpandedNetwork
  readonly parameters: Layout
  readonly statistics: Layout
  /** All that a session keeps from call to call; absent where network or optimiser have no use for it. */
  readonly state: Readonly<Record<StateVector, Variable | undefined>>
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
  const vector = (name: OptimiserVector, variable: string): Variable | undefined =>
    owners.some(({ vectors }) => vectors.includes(name)) ? g.variable(variable, [parameters.length]) : undefined
  const [momenta, squares] = [vector('momenta', 'momentum'), vector('squares', 'square')]
  const labels = g.placeholder(LABELS, [batch], 'int32')
  const state = { parameters: theta, momenta, squares, statistics: moving }
  return { g, network, parameters, statistics, state, theta, owners, labels, value: g.read(theta) }
}
