import { z } from 'zod'
import { type NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import type { Edited } from '../designer'
import { insertNodes } from './insert'
import { refuseStrangers } from './keep-valid'
import { idOf, levelOf, outermost, parentOf } from './tree'
import { wiringOf } from './wiring'

const Copied = z.strictObject({ format: z.literal('normlab/nodes'), version: z.literal(1), nodes: z.array(NetworkNode).min(1) })

/**
 * Nodes of one block as text for the clipboard, with their connections to one another.
 *
 * @throws UserError where they lie in several: what stands for a connection between two blocks could not be told.
 */
export function copyNodes(document: NetworkDocument, paths: readonly string[]): string {
  return JSON.stringify({ format: 'normlab/nodes', version: 1, nodes: takenOut(document, paths) })
}

function takenOut(document: NetworkDocument, paths: readonly string[]): NetworkNode[] {
  const chosen = outermost(document, paths)
  const level = levelOf(chosen)
  const ids = new Set(chosen.map(idOf))
  return wiringOf(document, level)
    .nodes.filter(({ node }) => ids.has(node.id))
    .map(({ node, inputs }) => {
      const { at: _, ...rest } = node
      return { ...rest, inputs: inputs.map((source) => (ids.has(source) ? source : '$input')) } as NetworkNode
    })
}

/** @throws UserError for a text that holds no nodes. */
export function readCopied(text: string): NetworkNode[] {
  let candidate: unknown
  try {
    candidate = JSON.parse(text)
  } catch {
    throw new UserError('the clipboard holds no layers', { remedy: 'copy some first' })
  }
  const parsed = Copied.safeParse(candidate)
  if (!parsed.success) throw new UserError('the clipboard holds no layers', { remedy: 'copy some first' })
  refuseStrangers(parsed.data.nodes)
  return parsed.data.nodes
}

/** Copies of nodes behind the last of them, connected. */
export function duplicate(document: NetworkDocument, paths: readonly string[]): Edited {
  const chosen = outermost(document, paths)
  const last = chosen[chosen.length - 1]
  if (last === undefined) throw new UserError('nothing is selected', { remedy: 'select what shall be duplicated' })
  return insertNodes(document, parentOf(last), takenOut(document, paths), { after: [idOf(last)] })
}
