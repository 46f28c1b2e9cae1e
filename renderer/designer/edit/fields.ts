import {
  type BlockNode,
  type LayerNode,
  type NetworkDocument,
  NodeId,
  type NetworkNode,
} from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import { ops } from '../../../shared/ops'
import { complaintOf } from '../../../shared/plain-words'
import type { Edited } from '../designer'
import { idOf, isBlock, join, nodeAt, nodesOf, parentOf, present, replaceNode } from './tree'
import { rewire } from './wiring'

function changeEach(document: NetworkDocument, paths: readonly string[], change: (node: NetworkNode) => NetworkNode): Edited {
  return { document: paths.reduce((changed, path) => replaceNode(changed, path, change), document) }
}

/** Sets an attribute of layers; undefined takes it away, so that its default holds. */
export function setAttribute(document: NetworkDocument, paths: readonly string[], name: string, value: unknown): Edited {
  return changeEach(document, paths, (node) => {
    if (isBlock(node)) return node
    const { attributes: before, ...rest } = node as LayerNode
    const attributes = present({ ...before, [name]: value })
    return Object.keys(attributes).length > 0 ? { ...rest, attributes } : rest
  })
}

/** Makes a layer one of another kind, with what that kind begins with. */
export function replaceKind(document: NetworkDocument, path: string, kind: string): Edited {
  const example = ops.get(kind)?.example
  return changeEach(
    document,
    [path],
    ({ attributes: _, ...rest }: LayerNode) => present({ ...rest, kind, attributes: example }) as LayerNode,
  )
}

/** Makes nodes units of a kind, or none. */
export function setUnit(document: NetworkDocument, paths: readonly string[], unit: NetworkNode['unit']): Edited {
  return changeEach(document, paths, ({ unit: _, ...rest }) => present({ ...rest, unit }) as NetworkNode)
}

/** Repeats blocks; once is no repeat. A block that is repeated gets numbers behind its name. */
export function setRepeat(document: NetworkDocument, paths: readonly string[], repeat: number): Edited {
  return changeEach(document, paths, (node) => {
    if (!isBlock(node)) return node
    const { repeat: _, nodes, ...rest } = node
    return present({ ...rest, repeat: repeat > 1 ? repeat : undefined, nodes }) as BlockNode
  })
}

/** The number of a repeated block's first copy; undefined for 1. */
export function setFirst(document: NetworkDocument, paths: readonly string[], first: number | undefined): Edited {
  return changeEach(document, paths, (node) => {
    if (!isBlock(node)) return node
    const { first: _, nodes, ...rest } = node
    return present({ ...rest, first: first === 1 ? undefined : first, nodes }) as BlockNode
  })
}

/** Chooses the node that leaves a block; undefined for the last one. */
export function setOutput(document: NetworkDocument, path: string, output: string | undefined): Edited {
  return changeEach(document, [path], (node) => {
    if (!isBlock(node)) return node
    const { output: _, nodes, ...rest } = node
    return present({ ...rest, output, nodes }) as BlockNode
  })
}

/**
 * Gives a node another name; what takes it takes it by the new one.
 *
 * @throws UserError for a name that is taken or no name.
 */
export function rename(document: NetworkDocument, path: string, id: string): Edited {
  const node = nodeAt(document, path)
  if (!node || node.id === id) return { document }
  const checked = NodeId.safeParse(id)
  if (!checked.success) throw new UserError(`“${id}” cannot be a name: it ${complaintOf(checked.error).message}`)
  const level = parentOf(path)
  if (nodesOf(document, level)!.some((other) => other.id === id))
    throw new UserError(`“${id}” is taken`, { remedy: 'choose a name that no other node of the block has' })
  const changed = rewire(document, level, (wiring) => ({
    nodes: wiring.nodes.map((wired) => ({
      ...wired,
      node: wired.node.id === node.id ? { ...wired.node, id } : wired.node,
      inputs: wired.inputs.map((source) => (source === node.id ? id : source)),
    })),
    leaving: wiring.leaving === node.id ? id : wiring.leaving,
  }))
  return { document: changed, selection: [join(level, id)] }
}

/** Gives the second of two nodes of one name another one; what follows it by the list's order goes on following it. */
export function renameTwin(document: NetworkDocument, path: string, id: string): Edited {
  const level = parentOf(path)
  const changed = rewire(document, level, ({ nodes, leaving }) => {
    const twin = nodes.map(({ node }) => node.id).lastIndexOf(idOf(path))
    return {
      nodes: nodes.map((wired, i) => {
        if (i === twin) return { ...wired, node: { ...wired.node, id } }
        return i === twin + 1 && !wired.written ? { ...wired, inputs: [id] } : wired
      }),
      leaving: leaving === idOf(path) && twin === nodes.length - 1 ? id : leaving,
    }
  })
  return { document: changed, selection: [join(level, id)] }
}

export function renameNetwork(document: NetworkDocument, name: string): Edited {
  const trimmed = name.trim()
  if (trimmed.length === 0 || trimmed.length > 200) throw new UserError('a network’s name has 1 to 200 letters')
  return { document: { ...document, name: trimmed } }
}

/** Draws nodes somewhere, pixels from their block's corner; null for where the layout puts them. */
export function placeNodes(document: NetworkDocument, places: ReadonlyMap<string, readonly [number, number] | null>): Edited {
  let changed = document
  for (const [path, at] of places)
    changed = replaceNode(changed, path, (node) => {
      const { at: _, ...rest } = node
      return (at ? { ...rest, at: [Math.round(at[0]), Math.round(at[1])] } : rest) as NetworkNode
    })
  return { document: changed }
}
