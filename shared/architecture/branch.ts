import { isGating } from '../ops'
import type { ExpandedNetwork, ExpandedUnit } from './expand'

/** The residual branch of a block, F of x + F(x). */
export interface Branch {
  /** Layer whose value it adds. */
  readonly end: number
  /** The addition. */
  readonly add: number
  /** Whether what it is added to is the block's input itself. */
  readonly hasIdentity: boolean
}

/** The longest branch of a unit that ends in an addition; undefined where it adds nothing. */
export function branchOf(network: ExpandedNetwork, unit: ExpandedUnit): Branch | undefined {
  const inside = new Set(unit.layers)
  const add = [...unit.layers].reverse().find((layer) => network.layers[layer]!.op.kind === 'add')
  if (add === undefined) return undefined
  const { inputs } = network.layers[add]!
  const lengths = lengthsOf(network, unit)
  const [end] = inputs.filter((layer) => inside.has(layer)).sort((a, b) => lengths.get(b)! - lengths.get(a)!)
  return end === undefined ? undefined : { end, add, hasIdentity: inputs.includes(unit.input) }
}

/** Which inputs a layer has its value of: the first one, or those of a product that have its own shape and are no gate of it. */
function mainInputs(network: ExpandedNetwork, at: number): readonly number[] {
  const { op, inputs, inputShapes, shape } = network.layers[at]!
  if (op.kind !== 'multiply') return inputs.slice(0, 1)
  const own = inputs.filter((_, i) => inputShapes[i]!.join() === shape.join())
  const weighed = own.filter((layer) => !isGating(network.layers[layer]!.op.kind))
  return weighed.length > 0 ? weighed : own
}

/** How many layers of a unit lead to each of them, by its main inputs. */
function lengthsOf(network: ExpandedNetwork, unit: ExpandedUnit): Map<number, number> {
  const lengths = new Map<number, number>()
  for (const layer of unit.layers)
    lengths.set(layer, 1 + Math.max(0, ...mainInputs(network, layer).map((input) => lengths.get(input) ?? 0)))
  return lengths
}

/** The layers of a unit from this one back to its beginning, of a product along the longer side. */
export function wayBack(network: ExpandedNetwork, unit: ExpandedUnit, from: number): number[] {
  const lengths = lengthsOf(network, unit)
  const way: number[] = []
  for (let layer: number | undefined = from; layer !== undefined && lengths.has(layer);) {
    way.push(layer)
    ;[layer] = [...mainInputs(network, layer)].sort((a, b) => (lengths.get(b) ?? 0) - (lengths.get(a) ?? 0))
  }
  return way
}
