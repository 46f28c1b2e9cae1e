import type { BlockNode, NetworkDocument, NetworkNode } from './document'

/** More layers than this is a mistake in a repeat count rather than a network. */
export const MOST_LAYERS = 200_000

/** How much a document may come to with its blocks opened and its repeats written out, and how that is called. */
const MOST = {
  layers: MOST_LAYERS,
  'opened blocks': 200_000,
  connections: 2_000_000,
  // Of dotted names, which the paths of nested blocks make long.
  'characters of names': 50_000_000,
} as const
type Counted = keyof typeof MOST
type Size = Record<Counted, number>

/** What a document would come to that is more than a network may. */
export interface Excess {
  readonly what: Counted
  readonly most: number
  /** The innermost block that alone is too much; empty for the network itself. */
  readonly path: string
}

/**
 * Whether a document may be opened, told from its tree alone: however large it would be, this takes no longer than to read it. A
 * document of 10 kB can come to more layers than there are atoms.
 *
 * @returns null where it may.
 */
export function excessOf({ nodes }: NetworkDocument): Excess | null {
  let what = exceeded(sizeOf(nodes, 0))
  if (!what) return null
  let [level, before, path] = [nodes, 0, '']
  for (;;) {
    const inside = level.find((node): node is BlockNode => isBlock(node) && exceeded(nodeSize(node, before)) !== null)
    if (!inside) return { what, most: MOST[what], path }
    what = exceeded(nodeSize(inside, before))!
    before += nameLength(inside) + 1
    path = path === '' ? inside.id : `${path}/${inside.id}`
    level = inside.nodes
  }
}

const isBlock = (node: NetworkNode): node is BlockNode => node.kind === 'block'

/** @param before Characters of the path before the nodes' own names. */
function sizeOf(nodes: readonly NetworkNode[], before: number): Size {
  const size: Size = { layers: 0, 'opened blocks': 0, connections: 0, 'characters of names': 0 }
  for (const node of nodes) add(size, nodeSize(node, before))
  return size
}

function nodeSize(node: NetworkNode, before: number): Size {
  const name = before + nameLength(node)
  const own = node.inputs?.length ?? 1
  if (!isBlock(node)) return { layers: 1, 'opened blocks': 0, connections: own, 'characters of names': name }
  const inside = sizeOf(node.nodes, name + 1)
  inside['opened blocks'] += 1
  inside.connections += own
  inside['characters of names'] += name
  return scaled(inside, node.repeat ?? 1)
}

/** With the number of the last copy. */
function nameLength(node: NetworkNode): number {
  if (!isBlock(node) || node.repeat === undefined) return node.id.length
  return node.id.length + String((node.first ?? 1) + node.repeat).length
}

const COUNTED = Object.keys(MOST) as Counted[]

function add(size: Size, other: Size): void {
  for (const what of COUNTED) size[what] += other[what]
}

const scaled = (size: Size, times: number): Size => Object.fromEntries(COUNTED.map((what) => [what, size[what] * times])) as Size

const exceeded = (size: Size): Counted | null => COUNTED.find((what) => size[what] > MOST[what]) ?? null
