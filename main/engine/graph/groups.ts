import { depthScaling, type ExpandedNetwork, isInGroup } from '../../../shared/architecture'
import type { OptimiserDefinition, OptimiserName } from '../../../shared/optimisers'
import type { Layout } from './layout'
import type { Variable } from './node-graph'
import type { GroupValues, Optimiser } from './optimise'
import type { TensorGraph } from './tensor-graph'

/** Values that a session has to be given before its first step and that no step changes, by the variables' names. */
export type Constants = Readonly<Record<string, Float32Array>>

/**
 * Weight decay and rate factor of each parameter: the first group that it fits, else the run's. Numbers where all parameters have
 * the same, vectors in the parameters' layout where not. Rates that follow the network's depth are factors too.
 *
 * @param owners Which optimiser has each parameter.
 */
export function groupValues(
  g: TensorGraph,
  { network, layout, owners }: { network: ExpandedNetwork; layout: Layout; owners: readonly OptimiserDefinition[] },
  options: Optimiser,
): { values: GroupValues; constants: Constants } {
  const groups = options.groups ?? []
  const depth = depthScaling(network, options.depth)
  const entries = layout.slots.map((slot, i) => {
    const at = groups.findIndex(({ parameters }) => isInGroup(slot, parameters))
    const group = groups[at]
    const byDepth = depth?.factorOf(slot.layer, owners[i]!.name as OptimiserName) ?? 1
    return { decay: group?.weightDecay ?? options.weightDecay, factor: (group?.rateFactor ?? 1) * byDepth }
  })
  const constants: Record<string, Float32Array> = {}
  const valueOf = (what: 'decay' | 'factor', otherwise: number): number | Variable => {
    const first = entries[0]?.[what] ?? otherwise
    if (entries.every((entry) => entry[what] === first)) return first
    const vector = new Float32Array(layout.length)
    layout.slots.forEach(({ offset, length }, i) => vector.fill(entries[i]![what], offset, offset + length))
    constants[what] = vector
    return g.variable(what, [layout.length])
  }
  return { values: { decay: valueOf('decay', options.weightDecay), factor: valueOf('factor', 1) }, constants }
}
