import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { referencesOf } from '../../../shared/architecture/level'
import { ops } from '../../../shared/ops'
import type { Edited } from '../designer'
import { join } from './tree'
import { freeId, rewire, type WiredNode, wiringOf } from './wiring'

/** Where new nodes go. */
export interface Place {
  /** What they take: ids of nodes of the block, or `$input`. None for nothing. */
  readonly after: readonly string[]
  /** The one connection that they come into, rather than the main one behind `after`. */
  readonly into?: { readonly target: string; readonly port: number }
  /** False to leave the rest as it is connected. */
  readonly joins?: boolean
  /** Where the first is drawn, pixels. */
  readonly at?: readonly [number, number]
}

/**
 * Puts nodes into a block. Connections among them stay; those to nodes that are not among them come from `place.after`, and what
 * took `after` before takes the last of them now.
 */
export function insertNodes(document: NetworkDocument, level: string, added: readonly NetworkNode[], place: Place): Edited {
  const renamed = withFreeIds(
    added,
    wiringOf(document, level).nodes.map(({ node }) => node),
  )
  const ids = new Set(renamed.map(({ node }) => node.id))
  const last = renamed[renamed.length - 1]!.node.id
  const changed = rewire(document, level, ({ nodes, leaving }) => {
    const after = place.after.filter((reference) => reference.startsWith('$') || nodes.some(({ node }) => node.id === reference))
    const fresh = renamed.map(({ node, inputs }, i): WiredNode => {
      const inside = inputs.filter((reference) => ids.has(reference))
      const isSource = ops.get(node.kind)?.arity[1] === 0
      const open = inputs.length > inside.length || (i === 0 && inputs.length === 0)
      const fed = isSource || !open ? [] : i === 0 && takesSeveral(node) ? after : after.slice(0, 1)
      const placed = i === 0 && place.at ? { ...node, at: [place.at[0], place.at[1]] as [number, number] } : node
      const joinsSeveral = i === 0 && takesSeveral(node) && inside.length === 0
      return { node: placed, inputs: inputs.length > 0 && !joinsSeveral ? merge(inputs, ids, fed) : fed, written: false }
    })
    const main = after[0]
    const at = Math.max(-1, ...after.map((reference) => nodes.findIndex(({ node }) => node.id === reference)))
    const where = at >= 0 || main?.startsWith('$') ? at + 1 : nodes.length
    const moved = place.joins === false || main === undefined ? null : (place.into ?? mainConsumer(nodes, main, where))
    const rest = nodes.map((wired): WiredNode =>
      moved?.target === wired.node.id
        ? { ...wired, inputs: wired.inputs.map((reference, port) => (port === moved.port ? last : reference)) }
        : wired,
    )
    const wasLeaving = place.joins !== false && moved === null && main !== undefined && leaving === main
    return {
      nodes: [...rest.slice(0, where), ...fresh, ...rest.slice(where)],
      leaving: wasLeaving || leaving === undefined ? (level === '' ? undefined : last) : leaving,
    }
  })
  return { document: changed, selection: renamed.map(({ node }) => join(level, node.id)) }
}

/** The connection that carries on from a node: to the one that stands behind it in the list, else to the first that takes it. */
function mainConsumer(nodes: readonly WiredNode[], source: string, where: number): { target: string; port: number } | null {
  const candidates = [...(nodes[where] ? [nodes[where]] : []), ...nodes]
  for (const { node, inputs } of candidates) {
    const port = inputs.indexOf(source)
    if (port >= 0) return { target: node.id, port }
  }
  return null
}

const takesSeveral = ({ kind }: NetworkNode): boolean => (ops.get(kind)?.arity[1] ?? 1) > 1

/** A node's inputs, those from outside replaced by what feeds the new nodes. */
function merge(inputs: readonly string[], inside: ReadonlySet<string>, fed: readonly string[]): string[] {
  return inputs.flatMap((reference) => (inside.has(reference) ? [reference] : fed.slice(0, 1)))
}

/** The nodes with names that are free in the block, their connections with one another renamed alike. */
function withFreeIds(
  added: readonly NetworkNode[],
  there: readonly NetworkNode[],
): { node: NetworkNode; inputs: readonly string[] }[] {
  // The first of a chain takes what they are put behind, as if they were a block of their own.
  const references = referencesOf(added, true)
  const names = new Map<string, string>()
  const others = [...there]
  for (const node of added) {
    const free = freeId(node.id, others, ((node as BlockNode).repeat ?? 1) > 1)
    others.push({ ...node, id: free })
    names.set(node.id, free)
  }
  return added.map((node, i) => {
    const { inputs: _, ...rest } = node
    return {
      node: { ...rest, id: names.get(node.id)! } as NetworkNode,
      inputs: references[i]!.map((reference) => names.get(reference) ?? '$outside'),
    }
  })
}
