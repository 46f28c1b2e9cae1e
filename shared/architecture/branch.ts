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
  const ends = inputs.filter((layer) => inside.has(layer))
  const end = ends.sort((a, b) => length(network, b, inside) - length(network, a, inside))[0]
  return end === undefined ? undefined : { end, add, hasIdentity: inputs.includes(unit.input) }
}

/** The first input, or of a product of an image and what weighs it the image. */
export function mainInput(network: ExpandedNetwork, at: number): number | undefined {
  const { op, inputs, inputShapes, shape } = network.layers[at]!
  const own = op.kind === 'multiply' ? inputShapes.findIndex((one) => one.join() === shape.join()) : 0
  return inputs[Math.max(0, own)]
}

/** Layers from this one back to the unit's beginning, by first inputs. */
function length(network: ExpandedNetwork, from: number, inside: ReadonlySet<number>): number {
  let count = 0
  for (let layer: number | undefined = from; layer !== undefined && inside.has(layer); layer = mainInput(network, layer)) count++
  return count
}
