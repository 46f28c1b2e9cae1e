import { isInGroup, type ExpandedNetwork } from '../../../../shared/architecture'
import type { Training } from '../../../../shared/configuration'
import { optimisers, type OptimiserDefinition } from '../../../../shared/optimisers'
import type { Layout, Slot } from '../layout'
import { kernelOperator } from '../kernel-operator'
import { sidesOf } from './kernel-stacks'
import { optimiserSettings } from './settings'

/**
 * Which optimiser has each parameter, in the layout's order: its group's, else the run's. One that is for kernels alone leaves all else to its
 * `others`, with those that are too long on both sides, and unless a group names it for them also the layer that gives the logits, whose rows are classes and no directions of a signal.
 */
export function ownersOf(network: ExpandedNetwork, layout: Layout, options: Partial<Training>): readonly OptimiserDefinition[] {
  const settings = optimiserSettings(options)
  return layout.slots.map((slot): OptimiserDefinition => {
    const group = options.groups?.find(({ parameters }) => isInGroup(slot, parameters))
    const definition: OptimiserDefinition = optimisers[group?.optimiser ?? options.optimiser ?? 'sgd']
    const { others } = definition
    if (others === undefined) return definition
    const isTaken =
      isMatrix(network, slot) &&
      (group?.optimiser !== undefined || slot.layer !== network.logits) &&
      (definition.longestSide === undefined || hasSide(network, slot, definition.longestSide(settings)))
    return isTaken ? definition : optimisers[others as keyof typeof optimisers]
  })
}

/** A depthwise kernel has a filter a channel, which are no matrix together. */
const isMatrix = (network: ExpandedNetwork, { role, layer }: Slot): boolean =>
  role === 'kernel' && network.layers[layer]!.op.kind !== 'depthwise-conv2d'

const hasSide = (network: ExpandedNetwork, { layer, shape }: Slot, longest: number): boolean =>
  Math.min(...sidesOf(kernelOperator(network.layers[layer]!, shape))) <= longest
