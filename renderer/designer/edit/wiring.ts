import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { referencesOf } from '../../../shared/architecture/level'
import { UserError } from '../../../shared/errors'
import { nodeAt, nodesOf, present, replaceNode, replaceNodes } from './tree'

/** A node with its connections written out, whether or not the document writes them. */
export interface WiredNode {
  readonly node: NetworkNode
  readonly inputs: readonly string[]
  /** The document has `inputs` for it. */
  readonly written: boolean
}

/** The nodes of one block with all connections written out. */
export interface Wiring {
  readonly nodes: readonly WiredNode[]
  /** The node that leaves the block; undefined for the network. */
  readonly leaving: string | undefined
}

/** @throws UserError where there is no such block. */
export function wiringOf(document: NetworkDocument, level: string): Wiring {
  const nodes = nodesOf(document, level)
  if (!nodes) throw new UserError(`there is no block “${level}” any more`)
  const references = referencesOf(nodes, level !== '')
  const block = level === '' ? undefined : (nodeAt(document, level) as BlockNode)
  return {
    nodes: nodes.map((node, i) => ({ node, inputs: references[i]!, written: node.inputs !== undefined })),
    leaving: block && (block.output ?? nodes[nodes.length - 1]?.id),
  }
}

/**
 * Changes the nodes and connections of one block. What the order of the list says by itself is left unsaid, unless the document said
 * it before: a change of nothing gives the same document.
 */
export function rewire(document: NetworkDocument, level: string, change: (wiring: Wiring) => Wiring): NetworkDocument {
  const before = wiringOf(document, level)
  const { nodes, leaving } = change(before)
  const closed = nodes.map(({ node, inputs, written }, i): NetworkNode => {
    const usual = i > 0 ? [nodes[i - 1]!.node.id] : level === '' ? [] : ['$input']
    const { inputs: _, ...rest } = node
    const isUsual = inputs.length === usual.length && inputs.every((reference, k) => reference === usual[k])
    // Known fields first, as documents are written by hand.
    const { id, kind, ...others } = rest as NetworkNode
    return !written && isUsual ? node.inputs === undefined ? node : (rest as NetworkNode) : sameInputs(node, inputs) ? node : ({ id, kind, ...others, inputs: [...inputs] } as NetworkNode) // prettier-ignore
  })
  const changed = replaceNodes(document, level, closed)
  if (level === '') return changed
  const last = closed[closed.length - 1]?.id
  return replaceNode(changed, level, (block) => {
    const { output, ...rest } = block as BlockNode
    const wanted = closed.some(({ id }) => id === leaving) ? leaving : last
    const isSaid = wanted !== last || (output !== undefined && wanted === before.leaving)
    return isSaid ? { ...(rest as BlockNode), ...present({ output: wanted }) } : (rest as BlockNode)
  })
}

function sameInputs({ inputs }: NetworkNode, wanted: readonly string[]): boolean {
  return inputs !== undefined && inputs.length === wanted.length && inputs.every((reference, i) => reference === wanted[i])
}

/** Whether one is the other with a number behind it: the name of a copy. */
const isCopyOf = (name: string, block: string): boolean => name.startsWith(block) && /^\d+$/.test(name.slice(block.length))

/**
 * A name that nobody in the block has and no copy of a repeated block gets: the wanted one, or it with the first number that is
 * free; beside a repeated block, whose copies are numbered, with a letter.
 *
 * @param isRepeated Whether the new node is itself a repeated block.
 */
export function freeId(wanted: string, others: readonly NetworkNode[], isRepeated = false): string {
  const taken = new Set(others.map(({ id }) => id))
  const repeated = others.filter((node) => ((node as BlockNode).repeat ?? 1) > 1).map(({ id }) => id)
  const isFree = (name: string): boolean =>
    !taken.has(name) &&
    !repeated.some((block) => isCopyOf(name, block)) &&
    !(isRepeated && [...taken].some((id) => isCopyOf(id, name)))
  if (isFree(wanted)) return wanted
  const base = wanted.replace(/(\d+|-[a-z])$/, '').slice(0, 56) || 'node'
  if (!isRepeated && !repeated.includes(base)) for (let n = 2; n < 1e6; n++) if (isFree(`${base}${n}`)) return `${base}${n}`
  for (let n = 1; ; n++) {
    const letters = n < 26 ? String.fromCharCode(97 + n) : `z${n}`
    if (isFree(`${base}-${letters}`)) return `${base}-${letters}`
  }
}

/** Whether `from` is fed by `node`, directly or through others, or is it. */
export function isDownstream({ nodes }: Wiring, from: string, node: string): boolean {
  const byId = new Map(nodes.map((wired) => [wired.node.id, wired]))
  const seen = new Set<string>()
  const stack = [from]
  while (stack.length > 0) {
    const id = stack.pop()!
    if (id === node) return true
    if (seen.has(id)) continue
    seen.add(id)
    stack.push(...(byId.get(id)?.inputs ?? []))
  }
  return false
}
