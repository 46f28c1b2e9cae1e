import type { Training } from '../configuration'
import { UserError } from '../errors'
import type { OptimiserName } from '../optimisers'
import { type Branch, branchOf } from './branch'
import type { ExpandedNetwork, ExpandedUnit } from './expand'

type Depth = Training['depth']

/** What branches are multiplied by in a network of so many blocks: m^−α with m = L/base. */
export const depthMultiplier = ({ alpha, base }: Depth, blocks: number): number => (blocks / base) ** -alpha

/** Rates and ε of a network whose branches are multiplied by m^−α. */
export interface DepthScaling {
  /** What ε of Adam is multiplied by. */
  readonly epsilon: number
  /** What a layer's rate is multiplied by. */
  factorOf(layer: number, optimiser: OptimiserName): number
}

/**
 * How rates and ε follow depth. Adam's steps and Muon's have a size of their own whatever the gradient's: L branches that each move by m^−α·rate
 * move the network alike at each depth where the rate is m^(α−1) (Dey and others 2025, arXiv 2505.01618; at α = 1/2 depth-µP, arXiv 2310.02244).
 * Their ε is held against gradients that have m^−α in them. A step of SGD has the gradient's m^−α once more, so its rate is m^(2α−1): our own
 * derivation. What is not behind a multiplier (stem, head, shortcuts, and what a shortcut shares with its branch) keeps its rate. Weight decay has no factor of its own.
 *
 * @returns undefined for α = 0, which leaves all as it is.
 */
export function depthScaling(network: ExpandedNetwork, depth: Depth | undefined): DepthScaling | undefined {
  if (depth === undefined || depth.alpha === 0) return undefined
  const branches = branchesOf(network)
  const m = branches.length / depth.base
  const behind = new Set(branches.flatMap(({ unit, branch }) => layersOf(network, unit, branch)))
  const rates = { sgd: m ** (2 * depth.alpha - 1), other: m ** (depth.alpha - 1) }
  return {
    epsilon: m ** -depth.alpha,
    factorOf: (layer, optimiser) => (behind.has(layer) ? rates[optimiser === 'sgd' ? 'sgd' : 'other'] : 1),
  }
}

/**
 * Whether the network is what the rates are for.
 *
 * @returns what the reader should know where its branches are multiplied by something else.
 * @throws UserError where it has no branches.
 */
export function checkDepth(network: ExpandedNetwork, depth: Depth): string | undefined {
  if (depth.alpha === 0) return undefined
  const branches = branchesOf(network)
  if (branches.length === 0)
    throw new UserError('the network has no residual branches whose rates could follow its depth', {
      place: 'training.depth.alpha',
      remedy: 'set it to 0, or take a residual network',
    })
  const wanted = depthMultiplier(depth, branches.length)
  const others = branches.filter(({ branch }) => {
    const { op, attributes } = network.layers[branch.end]!
    const { value, learned } = attributes as { value?: number; learned?: boolean }
    return op.kind !== 'scale' || learned !== false || Math.abs(value! / wanted - 1) > 1e-6
  })
  if (others.length === 0) return undefined
  return `training.depth sets rates for branches that end in a fixed scale of ${Number(wanted.toPrecision(4))}, and ${others.length} of ${branches.length} do not; presets have it by depth-alpha=${depth.alpha},depth-base=${depth.base}`
}

const branchesOf = (network: ExpandedNetwork): { unit: ExpandedUnit; branch: Branch }[] =>
  network.units
    .filter(({ kind }) => kind === 'block')
    .flatMap((unit) => {
      const branch = branchOf(network, unit)
      return branch ? [{ unit, branch }] : []
    })

/** Layers whose values leave the unit by its branch alone. */
function layersOf(network: ExpandedNetwork, { layers }: ExpandedUnit, { end, add }: Branch): number[] {
  const inside = new Set(layers)
  const behind = (starts: readonly number[]): Set<number> => {
    const found = new Set<number>()
    const open = [...starts]
    for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
      if (!inside.has(layer) || found.has(layer)) continue
      found.add(layer)
      open.push(...network.layers[layer]!.inputs)
    }
    return found
  }
  const skipped = behind(network.layers[add]!.inputs.filter((layer) => layer !== end))
  return [...behind([end])].filter((layer) => !skipped.has(layer))
}
