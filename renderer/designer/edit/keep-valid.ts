import { type BlockNode, MOST_DEPTH, type NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { orderOf, referencesOf } from '../../../shared/architecture/level'
import { tell } from '../../../shared/architecture/problem'
import { cutText } from '../../../shared/cut-text'
import { UserError } from '../../../shared/errors'
import { complaintOf } from '../../../shared/plain-words'
import { isBlock, join } from './tree'

/** As the document's schema has it. */
const MOST_NODES = 10_000

/**
 * Looks at what an edit changed of a document: what comes of an edit can always be kept. Faults that can be mended on the canvas (a loose
 * end, shapes that do not fit) are no matter; they are listed there.
 *
 * @throws UserError for an edit after which the document could not be written or read, or that makes a new circle.
 */
export function keepValid(before: NetworkDocument, after: NetworkDocument): void {
  if (after.name.length < 1 || after.name.length > 200)
    throw new UserError('a network’s name has 1 to 200 letters', { remedy: 'give it another' })
  level(before.nodes, after.nodes, '', 0)
}

function level(before: readonly NetworkNode[] | undefined, after: readonly NetworkNode[], path: string, depth: number): void {
  if (before === after) return
  if (after.length > MOST_NODES)
    throw new UserError(`a block holds at most ${MOST_NODES} nodes, and here it would be ${after.length}`, {
      remedy: 'repeat a block instead of copies of it',
    })
  const known = new Map(before?.map((node) => [node.id, node]))
  for (const node of after) {
    const was = known.get(node.id)
    if (was === node) continue
    const here = join(path, node.id)
    wellFormed(node, here)
    if (!isBlock(node)) continue
    if (depth === MOST_DEPTH) {
      const { message, remedy } = tell('too-deep', { most: MOST_DEPTH })
      throw new UserError(`a block would lie too deep: ${message}`, { remedy: remedy! })
    }
    level(isBlock(was) ? was.nodes : undefined, node.nodes, here, depth + 1)
  }
  noNewCircle(before ?? [], after, path)
}

/** By the schema, without what is in it. */
function wellFormed(node: NetworkNode, path: string): void {
  const alone = isBlock(node) ? { ...node, nodes: node.nodes.slice(0, 1).map(({ id }) => ({ id, kind: 'relu' })) } : node
  const parsed = NetworkNode.safeParse(alone)
  if (parsed.success) return
  const { path: field, message } = complaintOf(parsed.error)
  throw new UserError(message, {
    place: `“${cutText(path.split('/').join(' › '))}”, ${field.map(String).join('.') || 'node'}`,
  })
}

function noNewCircle(before: readonly NetworkNode[], after: readonly NetworkNode[], path: string): void {
  const circle = circleIn(after, path !== '')
  if (circle === null || circleIn(before, path !== '') !== null) return
  throw new UserError(`“${circle}” would feed itself`, { remedy: 'connect another node to it' })
}

/** A node of one block that feeds itself; null where none does. */
function circleIn(nodes: readonly NetworkNode[], isFed: boolean): string | null {
  let found: string | null = null
  orderOf(nodes, referencesOf(nodes, isFed), (node) => (found ??= nodes[node]!.id))
  return found
}

/**
 * Whether nodes from a clipboard make sense by themselves: what is in a block of theirs is connected within it.
 *
 * @throws UserError that names the block.
 */
export function refuseStrangers(nodes: readonly NetworkNode[]): void {
  const blocks = nodes.filter(isBlock)
  for (const block of blocks) inside(block)
}

function inside({ id, nodes }: BlockNode): void {
  const own = new Set(nodes.map((node) => node.id))
  for (const node of nodes) {
    const stranger = node.inputs?.find((reference) => !reference.startsWith('$') && !own.has(reference))
    if (stranger !== undefined)
      throw new UserError(`in the block “${id}” of the clipboard, “${node.id}” takes “${stranger}”, which is not in it`, {
        remedy: 'copy it again where it comes from',
      })
  }
  const circle = circleIn(nodes, true)
  if (circle !== null)
    throw new UserError(`in the block “${id}” of the clipboard, “${circle}” feeds itself`, {
      remedy: 'copy it again where it comes from',
    })
  refuseStrangers(nodes)
}
