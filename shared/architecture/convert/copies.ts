import type { BlockNode, NetworkNode } from '../document'
import {
  contentsOf,
  deepCopy,
  type Home,
  inputsAt,
  isBlock,
  keepingConnections,
  leaveUnsaid,
  letLeave,
  outputOf,
  redirect,
  takersOf,
} from './connections'

/** Copies of a block: one repeated block and single blocks with numbers in their names mean the same, `block` ×2 and block1, block2. */

/** A block whose id and number say which copies it is: `block` ×3 from 2, or the single `block2`. */
function numbered(node: NetworkNode): { base: string; first: number; count: number } | null {
  if (!isBlock(node)) return null
  if (node.repeat !== undefined) return { base: node.id, first: node.first ?? 1, count: node.repeat }
  const match = /^(.*?)(0|[1-9]\d{0,4})$/.exec(node.id)
  return match?.[1] ? { base: match[1], first: Number(match[2]), count: 1 } : null
}

/** Gives a node another name, and those that refer to it. */
function rename({ list, owner }: Home, node: NetworkNode, id: string): void {
  redirect(list, owner !== null, node.id, id)
  if (owner?.output === node.id) owner.output = id
  node.id = id
}

/**
 * Parts the first copy of a repeated block from the rest, in place.
 *
 * @returns The first copy, a block by itself.
 */
export function partFirst(home: Home, node: BlockNode): BlockNode {
  if (node.repeat === undefined) return node
  const { list, owner } = home
  const first = node.first ?? 1
  const name = `${node.id}${first}`
  if (node.repeat === 1) {
    delete node.repeat
    delete node.first
    rename(home, node, name)
    return node
  }
  const { repeat: _, first: __, at, ...rest } = node
  const single: BlockNode = { ...deepCopy(rest), id: name, ...(at && { at }) }
  const index = list.indexOf(node)
  const inputs = inputsAt(list, index, owner !== null)
  list.splice(index, 0, single)
  node.repeat -= 1
  node.first = first + 1
  node.inputs = [name, ...inputs.slice(1)]
  if (inputs.length === 1) leaveUnsaid(list, node, owner !== null)
  return single
}

/** Writes all copies out, in place. */
export function partAll(home: Home, node: BlockNode): BlockNode[] {
  const copies: BlockNode[] = []
  while (node.repeat !== undefined && node.repeat > 1) copies.push(partFirst(home, node))
  return [...copies, partFirst(home, node)]
}

/**
 * Joins a block with the equal ones before and behind it whose numbers go on from one another, in place: block1 and `block` ×2 from 2
 * become `block` ×3.
 */
export function joinCopies(home: Home, node: BlockNode): void {
  const { list, owner } = home
  const [input] = inputsAt(list, list.indexOf(node), owner !== null)
  const before = list.find(({ id }) => id === input)
  const joined = before && isBlock(before) ? (join(home, before, node) ?? node) : node
  const [behind] = takersOf(list, joined.id, owner !== null)
  if (behind && isBlock(behind)) join(home, joined, behind)
}

/** @returns The block that both have become; null where they do not follow one another or differ. */
function join(home: Home, a: BlockNode, b: BlockNode): BlockNode | null {
  const { list, owner } = home
  const enters = owner !== null
  const [left, right] = [numbered(a), numbered(b)]
  if (!left || !right || left.base !== right.base || left.first + left.count !== right.first) return null
  const inputs = inputsAt(list, list.indexOf(b), enters)
  const others = inputsAt(list, list.indexOf(a), enters).slice(1)
  const goesOn = inputs[0] === a.id && JSON.stringify(inputs.slice(1)) === JSON.stringify(others)
  if (
    !goesOn ||
    takersOf(list, a.id, enters).length !== 1 ||
    (owner && outputOf(owner) === a.id) ||
    a.unit !== b.unit ||
    contentsOf(a) !== contentsOf(b)
  )
    return null
  if (list.some((node) => node !== a && node !== b && node.id === left.base)) return null
  const takers = takersOf(list, b.id, enters)
  const isOutput = owner !== null && outputOf(owner) === b.id
  // The one that stood for more copies keeps its drawing.
  const kept = right.count > left.count ? b : a
  const at = kept.at ?? a.at ?? b.at
  a.nodes = kept.nodes
  rename(home, b, left.base)
  keepingConnections(list, enters, () => list.splice(list.indexOf(b), 1))
  a.id = left.base
  a.repeat = left.count + right.count
  if (left.first === 1) delete a.first
  else a.first = left.first
  delete a.at
  if (at) a.at = at
  for (const taker of takers) leaveUnsaid(list, taker, enters)
  if (isOutput) letLeave(owner, a.id)
  return a
}
