import { ops } from '../../ops'
import type { BlockNode, NetworkNode } from '../document'
import { orderOf, referencesOf } from '../level'

/** The connections of one list of nodes, written out and rewritten. Lists are changed in place: whoever calls owns them. */

export const isBlock = (node: NetworkNode): node is BlockNode => node.kind === 'block'

/** A copy that shares nothing with its original. A document is JSON. */
export const deepCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** `$input0` and `$input` are one. */
const plain = (reference: string): string => (reference === '$input0' ? '$input' : reference)

/** What feeds the node at an index, said or not. @param enters Whether anything enters the list: not at the document's top. */
export function inputsAt(nodes: readonly NetworkNode[], index: number, enters: boolean): string[] {
  const said = nodes[index]!.inputs
  if (said) return said.map(plain)
  return index > 0 ? [nodes[index - 1]!.id] : enters ? ['$input'] : []
}

/** The nodes of a list so that each follows its inputs. */
export const inFlow = (nodes: readonly NetworkNode[], enters: boolean): NetworkNode[] =>
  orderOf(nodes, referencesOf(nodes, enters), () => undefined).map((i) => nodes[i]!)

/** Which node leaves a block. */
export const outputOf = ({ output, nodes }: Pick<BlockNode, 'output' | 'nodes'>): string => output ?? nodes[nodes.length - 1]!.id

/** Nodes that take the value of one. */
export const takersOf = (nodes: readonly NetworkNode[], reference: string, enters: boolean): NetworkNode[] =>
  nodes.filter((_, i) => inputsAt(nodes, i, enters).includes(reference))

/** Does what changes the order of a list, and says the inputs that the order no longer does. */
export function keepingConnections(nodes: NetworkNode[], enters: boolean, change: () => void): void {
  const before = new Map(nodes.map((node, i) => [node, inputsAt(nodes, i, enters)]))
  change()
  nodes.forEach((node, i) => {
    const wanted = before.get(node)
    if (wanted && !sameList(wanted, inputsAt(nodes, i, enters))) node.inputs = wanted
  })
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry, i) => entry === b[i])

/** Makes references to one node references to another. */
export function redirect(nodes: NetworkNode[], enters: boolean, from: string, to: string): void {
  nodes.forEach((node, i) => {
    const inputs = inputsAt(nodes, i, enters)
    if (inputs.includes(from)) node.inputs = inputs.map((reference) => (reference === from ? to : reference))
  })
}

/** Drops the inputs that a list's order says as well. The first of a block keeps its `$input`, which presets say. */
export function leaveUnsaid(nodes: NetworkNode[], node: NetworkNode, enters: boolean): void {
  const index = nodes.indexOf(node)
  const said = node.inputs?.map(plain)
  if (!said) return
  delete node.inputs
  if (!sameList(said, inputsAt(nodes, index, enters))) node.inputs = said
}

/** Puts a node between another and its first input. */
export function putBefore(nodes: NetworkNode[], node: NetworkNode, added: NetworkNode, enters: boolean): void {
  const index = nodes.indexOf(node)
  const inputs = inputsAt(nodes, index, enters)
  const wasSaid = node.inputs !== undefined
  keepingConnections(nodes, enters, () => nodes.splice(index, 0, added))
  added.inputs = inputs.slice(0, 1)
  node.inputs = [added.id, ...inputs.slice(1)]
  leaveUnsaid(nodes, added, enters)
  if (!wasSaid || node.inputs.length === 1) leaveUnsaid(nodes, node, enters)
}

/** Puts a node, whose inputs are said, at an index; all other connections stay. */
export function putAt(nodes: NetworkNode[], index: number, added: NetworkNode, enters: boolean): void {
  keepingConnections(nodes, enters, () => nodes.splice(index, 0, added))
  leaveUnsaid(nodes, added, enters)
}

/** The list that a node lies in, and the block around that list, if any. */
export interface Home {
  readonly list: NetworkNode[]
  readonly owner: BlockNode | null
}

/** Takes a node out; what it fed is fed by its first input, and what it let leave the block is that. */
export function takeOut({ list, owner }: Home, node: NetworkNode): void {
  const enters = owner !== null
  const [input] = inputsAt(list, list.indexOf(node), enters)
  const takers = takersOf(list, node.id, enters)
  const isOutput = owner !== null && outputOf(owner) === node.id
  if (input !== undefined) redirect(list, enters, node.id, input)
  keepingConnections(list, enters, () => list.splice(list.indexOf(node), 1))
  for (const taker of takers) leaveUnsaid(list, taker, enters)
  if (isOutput && input !== undefined) letLeave(owner, input)
}

/** Says which node leaves a block, where its list does not say so as it is. */
export function letLeave(owner: BlockNode, id: string): void {
  delete owner.output
  if (outputOf(owner) !== id) owner.output = id
}

/** An id that no node of the list has: the one asked for, else with a number. */
export function freeId(nodes: readonly NetworkNode[], wanted: string): string {
  const taken = new Set(nodes.map(({ id }) => id))
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`
}

/** Everything that reaches a reference going back: ids in the list, and `$input`s. */
export function reachingBack(nodes: readonly NetworkNode[], from: readonly string[]): Set<string> {
  const index = new Map(nodes.map(({ id }, i) => [id, i]))
  const found = new Set<string>()
  const waiting = [...from]
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    if (found.has(reference)) continue
    found.add(reference)
    const at = index.get(reference)
    if (at !== undefined) waiting.push(...inputsAt(nodes, at, true))
  }
  return found
}

/** A layer's attributes with the defaults filled in; as they are where they do not fit its schema, or nobody knows the kind. */
export function filledAttributes(node: NetworkNode): Record<string, unknown> {
  if (isBlock(node)) return {}
  const parsed = ops.get(node.kind)?.attributes.safeParse(node.attributes ?? {})
  return parsed?.success ? parsed.data : (node.attributes ?? {})
}

/** A number among a layer's attributes, with the default filled in; 1 where it has none. */
export function numberOf(node: NetworkNode, attribute: string): number {
  const value = filledAttributes(node)[attribute]
  return typeof value === 'number' ? value : 1
}

/** Text that two nodes share where they mean the same: attributes filled, inputs said, places left out. */
export function meaningOf(node: NetworkNode): string {
  return JSON.stringify(
    isBlock(node)
      ? [node.kind, node.unit, node.repeat, node.repeat === undefined ? 1 : (node.first ?? 1), contentsOf(node)]
      : [node.kind, node.unit, sorted(filledAttributes(node))],
  )
}

/** The same for what lies in a block, whatever the block is called and however often it is repeated. */
export function contentsOf(block: BlockNode): string {
  const inside = block.nodes.map((node, i) => [node.id, inputsAt(block.nodes, i, true), meaningOf(node)] as const)
  return JSON.stringify([outputOf(block), [...inside].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))])
}

const sorted = (attributes: Record<string, unknown>): [string, unknown][] =>
  Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
