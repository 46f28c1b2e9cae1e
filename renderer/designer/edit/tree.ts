import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'

/** Paths: ids joined by `/`; the network itself is the empty one. */

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const join = (level: string, id: string): string => (level === '' ? id : `${level}/${id}`)
export const isBlock = (node: NetworkNode | undefined): node is BlockNode => node?.kind === 'block'

/** The nodes of a block, or of the network; undefined where there is no such block. */
export function nodesOf(document: NetworkDocument, level: string): readonly NetworkNode[] | undefined {
  let nodes: readonly NetworkNode[] = document.nodes
  for (const id of level === '' ? [] : level.split('/')) {
    const block = nodes.find((node) => node.id === id)
    if (!isBlock(block)) return undefined
    nodes = block.nodes
  }
  return nodes
}

export function nodeAt(document: NetworkDocument, path: string): NetworkNode | undefined {
  return nodesOf(document, parentOf(path))?.find(({ id }) => id === idOf(path))
}

/** The document with one node replaced; all that is not on its way stays the same object. */
export function replaceNode(
  document: NetworkDocument,
  path: string,
  change: (node: NetworkNode) => NetworkNode,
): NetworkDocument {
  const walk = (nodes: readonly NetworkNode[], ids: readonly string[]): NetworkNode[] =>
    nodes.map((node) => {
      if (node.id !== ids[0]) return node
      if (ids.length === 1) return change(node)
      return isBlock(node) ? { ...node, nodes: walk(node.nodes, ids.slice(1)) } : node
    })
  return { ...document, nodes: walk(document.nodes, path.split('/')) }
}

/** The document with the nodes of one block, or of the network, replaced. */
export function replaceNodes(document: NetworkDocument, level: string, nodes: NetworkNode[]): NetworkDocument {
  if (level === '') return { ...document, nodes }
  return replaceNode(document, level, (block) => ({ ...(block as BlockNode), nodes }))
}

/** Of paths that lie in one another the outer ones, in the document's order. */
export function outermost(document: NetworkDocument, paths: readonly string[]): string[] {
  const wanted = new Set(paths)
  const found: string[] = []
  const walk = (nodes: readonly NetworkNode[], level: string): void => {
    for (const node of nodes) {
      const path = join(level, node.id)
      if (wanted.has(path)) found.push(path)
      else if (isBlock(node)) walk(node.nodes, path)
    }
  }
  walk(document.nodes, '')
  return found
}

/** The block that all of these lie in. @throws UserError where they lie in several. */
export function levelOf(paths: readonly string[]): string {
  const level = parentOf(paths[0] ?? '')
  if (paths.some((path) => parentOf(path) !== level))
    throw new UserError('the selected nodes lie in different blocks', { remedy: 'select nodes of one block' })
  return level
}

/** Without fields that are undefined. */
export function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
