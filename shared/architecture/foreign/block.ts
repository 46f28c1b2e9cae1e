import type { BlockNode, NetworkNode } from '../document'
import type { ForeignLayer } from './layer'
import { idsFor } from './name'
import type { Segment } from './segments'

/** A segment as the nodes of a block, with each layer's path in it. */
export interface DrawnBlock {
  readonly nodes: NetworkNode[]
  /** Of each layer, by its place in the network: `shortcut.conv`. */
  readonly paths: ReadonlyMap<number, string>
  /** The same for blocks that say the same of their layers. */
  readonly signature: string
}

export type BlockSegment = Extract<Segment, { kind: 'block' }>

/** Draws a fork with its branches as a block. A skip with layers in it becomes a block `shortcut` of its own, as in the presets. */
export function drawBlock(layers: readonly ForeignLayer[], segment: BlockSegment): DrawnBlock {
  const skip = shortcutOf(layers, segment)
  const skipped = new Set(skip)
  const own = segment.layers.filter((at) => !skipped.has(at))
  const ids = new Map(zip(own, idsFor(own.map((at) => layers[at]!))))
  const shortcutIds = new Map(zip(skip, idsFor(skip.map((at) => layers[at]!))))
  const reference = (at: number): string => {
    if (skipped.has(at)) return 'shortcut'
    return ids.get(at) ?? '$input'
  }
  const nodes: NetworkNode[] = []
  let before: string | undefined
  const put = (at: number): void => {
    const node = nodeOf(layers[at]!, ids.get(at)!, layers[at]!.inputs.map(reference), before)
    nodes.push(node)
    before = node.id
  }
  for (const at of own) {
    if (at === segment.join && skip.length > 0) {
      const entering = reference(layers[skip[0]!]!.inputs[0]!)
      nodes.push(shortcutBlock(layers, skip, shortcutIds, entering))
      before = 'shortcut'
    }
    put(at)
  }
  const paths = new Map([...ids, ...[...shortcutIds].map(([at, id]) => [at, `shortcut.${id}`] as const)])
  return { nodes, paths, signature: JSON.stringify(nodes) }
}

function shortcutBlock(
  layers: readonly ForeignLayer[],
  skip: readonly number[],
  ids: ReadonlyMap<number, string>,
  entering: string,
): BlockNode {
  const nodes = skip.map((at, i) =>
    nodeOf(layers[at]!, ids.get(at)!, [i === 0 ? '$input' : ids.get(skip[i - 1]!)!], i === 0 ? '$input' : ids.get(skip[i - 1]!)!),
  )
  return { id: 'shortcut', kind: 'block', inputs: [entering], nodes }
}

/** The shorter of the two branches that a sum joins, where it is a chain from the fork; empty where the skip is the identity. */
function shortcutOf(layers: readonly ForeignLayer[], { layers: all, join }: BlockSegment): number[] {
  const own = new Set(all)
  if (layers[join]!.kind !== 'add' || layers[join]!.inputs.length !== 2) return []
  const uses = new Map<number, number>()
  for (const at of all) for (const input of layers[at]!.inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  const chains = layers[join]!.inputs.map((end) => {
    const chain: number[] = []
    let at = end
    // Back to where more than one layer takes the value, or to what is outside.
    while (own.has(at) && uses.get(at) === 1 && layers[at]!.inputs.length === 1) {
      chain.unshift(at)
      at = layers[at]!.inputs[0]!
    }
    return { chain, from: at }
  })
  const [one, other] = chains as [(typeof chains)[0], (typeof chains)[0]]
  // Branches that begin at different places are drawn as they are.
  if (one.from !== other.from) return []
  const shorter = one.chain.length < other.chain.length ? one.chain : other.chain
  return shorter.length === Math.max(one.chain.length, other.chain.length) ? [] : shorter
}

/** A node that says its inputs where they are not the node before it. */
export function nodeOf(layer: ForeignLayer, id: string, inputs: readonly string[], before: string | undefined): NetworkNode {
  const isPlain = inputs.length === 1 && inputs[0] === (before ?? '$input')
  return {
    id,
    kind: layer.kind,
    ...(!isPlain && { inputs: [...inputs] }),
    ...(Object.keys(layer.attributes).length > 0 && { attributes: { ...layer.attributes } }),
  }
}

const zip = <A, B>(a: readonly A[], b: readonly B[]): (readonly [A, B])[] => a.map((value, i) => [value, b[i]!] as const)
