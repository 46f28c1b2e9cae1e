import type { ExpandedNetwork, Layer } from '../../../shared/architecture'
import { ops } from '../../../shared/ops'
import { type Layout, parameterLayout, statisticLayout } from '../graph/layout'

/** What lies between two values of a network: the layers through which the one moves the other. */
export interface Piece {
  /** Layers of the network whose values it takes as they are: first the one that it is differentiated by, then what else feeds it. */
  readonly entering: readonly number[]
  /** Its own layers, in the network's numbers and order; the last one's value leaves it. */
  readonly layers: readonly number[]
  /** The piece as a network of its own: the values that enter as inputs, then its layers. It has no loss, and no units. */
  readonly network: ExpandedNetwork
  readonly parameters: Layout
  readonly statistics: Layout
  /** The same for pieces that compute the same of their parameters: one graph does for them all. */
  readonly signature: string
}

/** @returns undefined where the one value does not move the other. */
export function pieceOf(network: ExpandedNetwork, from: number, to: number): Piece | undefined {
  const layers = between(network, from, to)
  if (layers.length === 0) return undefined
  const own = new Set(layers)
  const sides = new Set(layers.flatMap((layer) => network.layers[layer]!.inputs.filter((input) => !own.has(input))))
  sides.delete(from)
  const entering = [from, ...[...sides].sort((a, b) => a - b)]
  const places = new Map([...entering, ...layers].map((layer, i) => [layer, i]))
  const piece: Layer[] = [
    ...entering.map((layer) => asInput(network.layers[layer]!)),
    ...layers.map((index) => {
      const layer = network.layers[index]!
      return { ...layer, inputs: layer.inputs.map((input) => places.get(input)!) }
    }),
  ]
  const last = piece.length - 1
  const of: ExpandedNetwork = { name: network.name, layers: piece, input: 0, logits: last, loss: last, units: [] }
  const described = piece.map(({ op, attributes, inputs, shape }, i) => {
    // A layer's random numbers come from its place in the network.
    const place = op.isRandom ? [layers[i - entering.length]!] : []
    return [op.kind, attributes, inputs, shape, ...place]
  })
  return {
    ...{ entering, layers, network: of, signature: JSON.stringify(described) },
    parameters: parameterLayout(of),
    statistics: statisticLayout(of),
  }
}

/** Layers that `from` moves and that move `to`, in order. */
function between(network: ExpandedNetwork, from: number, to: number): number[] {
  const moved = new Set([from])
  for (let i = from + 1; i <= to; i++) if (network.layers[i]!.inputs.some((input) => moved.has(input))) moved.add(i)
  if (!moved.has(to) || from === to) return []
  const moving = new Set([to])
  for (let i = to; i > from; i--)
    if (moving.has(i)) for (const input of network.layers[i]!.inputs) if (moved.has(input)) moving.add(input)
  moving.delete(from)
  return [...moving].sort((a, b) => a - b)
}

function asInput({ name, shape }: Layer): Layer {
  return { name, shape, op: ops.get('input')!, attributes: {}, inputs: [], inputShapes: [], parameters: [], statistics: [] }
}

/** The part of a network's vector that belongs to a piece, in the piece's layout. */
export function ownPart(piece: Piece, whole: Layout, vector: Float32Array, own: Layout): Float32Array {
  const part = new Float32Array(own.length)
  const offsets = new Map(whole.slots.map(({ layer, local, offset }) => [`${layer}.${local}`, offset]))
  for (const { layer, local, offset, length } of own.slots) {
    const from = offsets.get(`${piece.layers[layer - piece.entering.length]!}.${local}`)!
    part.set(vector.subarray(from, from + length), offset)
  }
  return part
}
