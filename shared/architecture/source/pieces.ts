import { UserError } from '../../errors'
import type { BlockNode, NetworkDocument, NetworkNode } from '../document'
import { expand, type ExpandedNetwork, type Layer } from '../expand'
import { enteringIndex, orderOf, referencesOf } from '../level'

/** A network as whoever writes its source looks at it: blocks as they stand in the document, and what each is called with. */

/** A value that is told to a call; `role` names a parameter for it where blocks differ in it alone. */
export interface Argument {
  readonly name?: string
  readonly value: number | boolean | string
  readonly role?: string
  /** Told by its place, although it has a name. */
  readonly isPlaced?: boolean
  /** Left out where it is this. */
  readonly usual?: number | boolean | string
}
/** `nn.Conv2d(16, 32, 3)`. */
export interface Call {
  readonly callee: string
  readonly arguments: readonly Argument[]
  /** Whether the layer's weights are its. */
  readonly isWeighted?: boolean
}

/** A sibling by its place in the body's order, or what enters the body: −1, −2, … */
export type Reference = number

export interface LayerPiece {
  readonly kind: 'layer'
  readonly id: string
  readonly layer: Layer
  readonly calls: readonly Call[]
  readonly key: string
  readonly leaves: readonly Leaf[]
}
export interface BodyPiece {
  readonly kind: 'body'
  readonly id: string
  readonly path: string
  /** How many values enter. */
  readonly entering: number
  readonly children: readonly Piece[]
  readonly references: readonly (readonly Reference[])[]
  readonly output: Reference
  /** One value enters, and goes through all of it one after another. */
  readonly isChain: boolean
  readonly key: string
  readonly leaves: readonly Leaf[]
}
/** Copies behind one another that differ in numbers alone, by equal steps. */
export interface LoopPiece {
  readonly kind: 'loop'
  readonly id: string
  readonly first: number
  readonly copies: readonly BodyPiece[]
  readonly key: string
  readonly leaves: readonly Leaf[]
}
export type Piece = LayerPiece | BodyPiece | LoopPiece

/** A value somewhere in a piece, and what it is for. */
export interface Leaf {
  readonly value: number | boolean | string
  readonly role: string
}

/** What a language makes of a layer; what has no call is said where it is used. `words` tells layers apart that are said differently. */
export type Speak = (layer: Layer) => { readonly calls: readonly Call[]; readonly words: string }

export interface PieceTree {
  readonly network: ExpandedNetwork
  /** From the images to the logits. */
  readonly body: BodyPiece
}

/** @throws UserError where the network does not fit together, or its input or loss stands within a block. */
export function piecesOf(document: NetworkDocument, speak: Speak): PieceTree {
  const network = expand(document)
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]))
  const nodes = document.nodes
  const top = (kind: string): NetworkNode => {
    const found = nodes.find((node) => node.kind === kind)
    if (!found)
      throw new UserError(`its ${kind === 'input' ? 'input' : 'loss'} stands within a block`, {
        place: document.name,
        remedy: 'take it out of the block',
      })
    return found
  }
  const [input, loss] = [top('input'), top('softmax-cross-entropy')]
  // Whoever takes the images takes what enters the network.
  const written = referencesOf(nodes, false)
  const replaced = nodes.flatMap((node, at): NetworkNode[] =>
    node === input || node === loss
      ? []
      : [{ ...node, inputs: written[at]!.map((one) => (one === input.id ? '$input' : one)) } as NetworkNode],
  )
  const logits = written[nodes.indexOf(loss)]![0]!
  const build = new Builder(layers, speak)
  return { network, body: build.body('network', replaced, '', 1, logits === input.id ? '$input' : logits) }
}

class Builder {
  constructor(
    private readonly layers: ReadonlyMap<string, Layer>,
    private readonly speak: Speak,
  ) {}

  body(id: string, nodes: readonly NetworkNode[], path: string, entering: number, output: string | undefined): BodyPiece {
    const written = referencesOf(nodes, true)
    const order = orderOf(nodes, written, () => undefined)
    const places = new Map(order.map((node, at) => [nodes[node]!.id, at]))
    const reference = (told: string): Reference => {
      const outside = enteringIndex(told)
      return outside === null ? places.get(told)! : -1 - outside
    }
    const children = order.map((at) => this.piece(nodes[at]!, path, written[at]!.length))
    const references = order.map((at) => written[at]!.map(reference))
    const leaving = reference(output ?? nodes[nodes.length - 1]?.id ?? '$input')
    const isChain =
      entering === 1 && leaving === children.length - 1 && references.every((own, at) => own.length === 1 && own[0] === at - 1)
    const wires = references.map((own) => own.join()).join(';')
    const key = `{${entering}|${children.map((child) => `${child.id}:${child.key}`).join(' ')}|${wires}|${leaving}}`
    const leaves = children.flatMap((child) => child.leaves)
    return { kind: 'body', id, path: path.slice(0, -1), entering, children, references, output: leaving, isChain, key, leaves }
  }

  private piece(node: NetworkNode, path: string, entering: number): Piece {
    if (node.kind !== 'block') return this.layer(node.id, path + node.id)
    const { id, repeat, first = 1, nodes, output } = node as BlockNode
    if (repeat === undefined) return this.body(id, nodes, `${path}${id}.`, entering, output)
    const copies = Array.from({ length: repeat }, (_, i) => this.body(id, nodes, `${path}${id}${first + i}.`, entering, output))
    return loopOf(id, first, copies) ?? this.unrolled(id, first, copies)
  }

  private layer(id: string, name: string): LayerPiece {
    const layer = this.layers.get(name)!
    const { calls, words } = this.speak(layer)
    const key = `${words}(${calls.map(keyOf).join(' ')})`
    const leaves = calls.flatMap((call) => call.arguments.map(({ value, role = '' }) => ({ value, role })))
    return { kind: 'layer', id, layer, calls, key, leaves }
  }

  /** Copies that are no loop, one written behind the other. */
  private unrolled(id: string, first: number, copies: readonly BodyPiece[]): BodyPiece {
    const children = copies.map((copy, i) => ({ ...copy, id: `${id}${first + i}` }))
    const { entering, path } = copies[0]!
    const others = Array.from({ length: entering - 1 }, (_, i) => -2 - i)
    const key = `[${copies.map((copy) => copy.key).join(' ')}]`
    return {
      ...{ kind: 'body', id, path: path.split('.').slice(0, -1).concat(id).join('.'), entering, children, key },
      references: copies.map((_, i) => [i - 1, ...others]),
      ...{ output: copies.length - 1, isChain: entering === 1, leaves: copies.flatMap((copy) => copy.leaves) },
    }
  }
}

const keyOf = (call: Call): string => `${call.callee}/${call.arguments.map(({ name = '' }) => name).join('/')}`

/** The copies as one loop: its leaves are how often, and of each of a copy's the first value and the step. */
function loopOf(id: string, first: number, copies: readonly BodyPiece[]): LoopPiece | undefined {
  const [one, other] = [copies[0]!, copies[1]]
  if (copies.some(({ key }) => key !== one.key)) return undefined
  const leaves: Leaf[] = [{ value: copies.length, role: 'blocks' }]
  for (const [at, { value, role }] of one.leaves.entries()) {
    const next = other?.leaves[at]!.value ?? value
    const step = typeof value === 'number' && typeof next === 'number' ? next - value : 0
    const isEven = copies.every((copy, i) =>
      typeof value === 'number' ? copy.leaves[at]!.value === value + step * i : copy.leaves[at]!.value === value,
    )
    if (!isEven) return undefined
    leaves.push({ value, role }, { value: step, role: 'growth' })
  }
  return { kind: 'loop', id, first, copies, key: `*${one.key}`, leaves }
}

/** What a piece is made of. */
export const childrenOf = (piece: Piece): readonly Piece[] =>
  piece.kind === 'body' ? piece.children : piece.kind === 'loop' ? piece.copies : []
