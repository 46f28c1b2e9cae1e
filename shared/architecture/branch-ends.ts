import { isGating } from '../ops'
import { branchOf, wayBack } from './branch'
import type { ExpandedNetwork, ExpandedUnit } from './expand'

export interface BranchEnd {
  readonly layer: number
  /** Its name in the layer. */
  readonly parameter: string
}

/**
 * The last scale of every residual branch, which at zero makes its block the identity at the start (Goyal et al. 2017): of each
 * block that ends in an addition, the longest branch is walked back to the first layer with a scale or a kernel. In a
 * post-activation block that is the last norm's scale. In a pre-activation block it is the last convolution's kernel, as in Fixup
 * (Zhang et al. 2019): behind that norm stands a ReLU, which at zero would let no gradient back to it, ever.
 */
export function branchEnds(network: ExpandedNetwork): BranchEnd[] {
  return network.units.filter(({ kind }) => kind === 'block').flatMap((unit) => branchEnd(network, unit) ?? [])
}

function branchEnd(network: ExpandedNetwork, unit: ExpandedUnit): BranchEnd | undefined {
  const branch = branchOf(network, unit)
  for (const layer of branch ? wayBack(network, unit, branch.end) : []) {
    const { op, parameters } = network.layers[layer]!
    // Nothing before it makes nothing of what it leaves.
    if (isGating(op.kind)) return undefined
    const found = parameters.find(({ role }) => role === 'scale') ?? parameters.find(({ role }) => role === 'kernel')
    // A kernel that is made of it is not zero where it is.
    if (found?.role === 'kernel' && (op.actingKernel ?? op.actsOtherwise)) return undefined
    if (found) return { layer, parameter: found.name }
  }
  return undefined
}
