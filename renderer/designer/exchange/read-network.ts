import { DOCUMENT_VERSION, networkFromDocument } from '../../../shared/architecture'
import { type BlockNode, type NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { isUserError, UserError } from '../../../shared/errors'
import { parseJson } from '../../../shared/json-text'
import { BLOCK_VERSION, BlockDocument } from '../../../shared/library'
import { complaintOf } from '../../../shared/plain-words'
import { capital } from '../../ui/use-notices'

/** What a file holds. What this NormLab does not know of it is left out, and then it can only be looked at. */
export interface ReadFile<D> {
  readonly document: D
  /** The sentence that says why nothing can be changed; null where all can. */
  readonly readOnly: string | null
}

/** Blocks in one another; the document's schema allows as many. */
const MOST_DEPTH = 100

/**
 * The document in a file's text: a network, or a block. A network of a newer version, or with parts that do not fit the schema,
 * is read as far as it can be, to be shown only; blocks are read whole or not at all.
 *
 * @param name The file's name, for the message.
 * @throws UserError for what cannot be read at all: line and column where it is not JSON, else the field.
 */
export function readLibraryFile(text: string, name: string): ReadFile<NetworkDocument | BlockDocument> {
  const candidate = parseJson(text, name)
  return isRecord(candidate) && candidate['format'] === 'normlab/block'
    ? { document: readBlock(candidate, name), readOnly: null }
    : readNetwork(candidate, name)
}

function readNetwork(candidate: unknown, name: string): ReadFile<NetworkDocument> {
  try {
    return { document: networkFromDocument(candidate, name), readOnly: null }
  } catch (error) {
    const document = isUserError(error) ? salvage(candidate, name) : null
    if (!document) throw error
    const why = capital((error as UserError).message)
    return { document, readOnly: `${why} What can be read of it is shown, and nothing of it can be changed.` }
  }
}

/** A document of what is known of another; null where no node of it can be read. */
function salvage(candidate: unknown, name: string): NetworkDocument | null {
  if (!isRecord(candidate) || candidate['format'] !== 'normlab/network') return null
  const nodes = readableNodes(candidate['nodes'])
  if (nodes.length === 0) return null
  const title = typeof candidate['name'] === 'string' ? candidate['name'].slice(0, 200) : ''
  try {
    return networkFromDocument({ format: 'normlab/network', version: DOCUMENT_VERSION, name: title || name.slice(0, 200), nodes })
  } catch {
    return null
  }
}

function readableNodes(candidates: unknown, depth = 0): NetworkNode[] {
  if (!Array.isArray(candidates) || depth > MOST_DEPTH) return []
  return (candidates as unknown[]).flatMap((candidate) => readableNode(candidate, depth) ?? [])
}

const COMMON = ['inputs', 'at', 'unit']

/** A node with those of its fields that fit; null where it has no name or kind. */
function readableNode(candidate: unknown, depth: number): NetworkNode | null {
  if (!isRecord(candidate)) return null
  const isBlock = candidate['kind'] === 'block'
  const base: Record<string, unknown> = { id: candidate['id'], kind: candidate['kind'] }
  if (isBlock) base['nodes'] = readableNodes(candidate['nodes'], depth + 1)
  // The nodes within were read already: to look at the other fields, one of them stands for all.
  const probe = isBlock ? { ...base, nodes: (base['nodes'] as NetworkNode[]).slice(0, 1).map(bare) } : base
  if (!NetworkNode.safeParse(probe).success) return null
  for (const field of [...COMMON, ...(isBlock ? ['repeat', 'first', 'output'] : ['attributes'])]) {
    const value = candidate[field]
    if (value !== undefined && NetworkNode.safeParse({ ...probe, [field]: value }).success) base[field] = value
  }
  return base as unknown as NetworkNode
}

const bare = ({ id }: NetworkNode): NetworkNode => ({ id, kind: 'relu' })

function readBlock(candidate: Readonly<Record<string, unknown>>, name: string): BlockDocument {
  const version = candidate['version']
  if (typeof version === 'number' && version > BLOCK_VERSION)
    throw new UserError(`version ${version} of a block is from a newer NormLab; this one reads up to ${BLOCK_VERSION}`, {
      place: name,
      remedy: 'update NormLab, or save the block for this version',
    })
  // A network around it finds what is wrong with its nodes, and says where.
  const { nodes } = networkFromDocument(
    { format: 'normlab/network', version: DOCUMENT_VERSION, name: 'block', nodes: [candidate['node']] },
    name,
  )
  const parsed = BlockDocument.safeParse({ ...candidate, node: nodes[0] as BlockNode })
  if (parsed.success) return parsed.data
  const { path, message } = complaintOf(parsed.error)
  throw new UserError(message, { place: `${name}: ${path.map(String).join(', ') || 'document'}` })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
