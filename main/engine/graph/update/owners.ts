import { isInGroup, type ExpandedNetwork } from '../../../../shared/architecture'
import { optimisers, type OptimiserDefinition } from '../../../../shared/optimisers'
import type { Layout, Slot } from '../layout'
import type { Optimiser } from '../optimise'

/**
 * Which optimiser has each parameter, in the layout's order: its group's, else the run's. One that is for kernels alone leaves all else to its
 * `others`, and unless a group names it for them also the layer that gives the logits, whose rows are classes and no directions of a signal.
 */
export function ownersOf(network: ExpandedNetwork, layout: Layout, options: Optimiser): readonly OptimiserDefinition[] {
  return layout.slots.map((slot): OptimiserDefinition => {
    const group = options.groups?.find(({ parameters }) => isInGroup(slot, parameters))
    const definition: OptimiserDefinition = optimisers[group?.optimiser ?? options.optimiser ?? 'sgd']
    const { others } = definition
    if (others === undefined) return definition
    const isTaken = isMatrix(network, slot) && (group?.optimiser !== undefined || slot.layer !== network.logits)
    return isTaken ? definition : optimisers[others as keyof typeof optimisers]
  })
}

/** A depthwise kernel has a filter a channel, which are no matrix together. */
const isMatrix = (network: ExpandedNetwork, { role, layer }: Slot): boolean =>
  role === 'kernel' && network.layers[layer]!.op.kind !== 'depthwise-conv2d'
