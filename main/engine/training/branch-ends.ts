import type { ExpandedNetwork, ExpandedUnit } from '../../../shared/architecture'

export interface BranchEnd {
  readonly layer: number
  readonly parameter: 'gamma' | 'kernel'
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
  const inside = new Set(unit.layers)
  const add = [...unit.layers].reverse().find((layer) => network.layers[layer]!.op.kind === 'add')
  if (add === undefined) return undefined
  const branches = network.layers[add]!.inputs.filter((layer) => inside.has(layer))
  const longest = branches.sort((a, b) => length(network, b, inside) - length(network, a, inside))[0]
  for (let layer = longest; layer !== undefined && inside.has(layer); layer = network.layers[layer]!.inputs[0]) {
    const { parameters } = network.layers[layer]!
    const found = parameters.find(({ name }) => name === 'gamma') ?? parameters.find(({ name }) => name === 'kernel')
    if (found) return { layer, parameter: found.name as BranchEnd['parameter'] }
  }
  return undefined
}

/** Layers from this one back to the unit's beginning, by first inputs. */
function length(network: ExpandedNetwork, from: number, inside: ReadonlySet<number>): number {
  let count = 0
  for (let layer: number | undefined = from; layer !== undefined && inside.has(layer); layer = network.layers[layer]!.inputs[0])
    count++
  return count
}
