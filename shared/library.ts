import { z } from 'zod'
import { DOCUMENT_VERSION, NetworkDocument, type NetworkNode } from './architecture/document'
import { InitialWeights } from './initial-weights'
import { complaintOf } from './plain-words'
import { RunId } from './run-id'

/** The library: the user's own networks and blocks, as the lab keeps them. */

export const BLOCK_VERSION = 1

/** Looked at as the one node of a network: so it is held to the same rules, the depth of what lies in it among them. */
const BlockNode = z.unknown().transform((node, context) => {
  const network = NetworkDocument.safeParse({
    ...{ format: 'normlab/network', version: DOCUMENT_VERSION, name: 'block', nodes: [node] },
  })
  const found = network.data?.nodes[0]
  if (found?.kind === 'block') return found
  const { path, message } = network.error ? complaintOf(network.error) : { path: [], message: 'must be a block' }
  // Without the way to the node in the network around it.
  context.issues.push({ code: 'custom', message, path: path.slice(2), input: node })
  return z.NEVER
}) as unknown as z.ZodType<NetworkNode, NetworkNode>

/** A block by itself, to be put into networks: a file of its own, like a network document. */
export const BlockDocument = z.strictObject({
  format: z.literal('normlab/block'),
  version: z.literal(BLOCK_VERSION),
  name: z.string().trim().min(1).max(200),
  /** A block node, with all that is in it. */
  node: BlockNode,
})
export type BlockDocument = z.infer<typeof BlockDocument>

export const ItemId = z.number().int().min(1)
export const ItemName = z.string().trim().min(1).max(200)

/** Weights that were brought in for a network: one file, checked against its parameters. */
export const ItemWeights = z.object({
  /** The file's own name when it came. */
  name: z.string(),
  bytes: z.number(),
  /** SHA-256 of the copy that the lab keeps, hexadecimal. */
  hash: z.string(),
  at: z.string(),
})
export type ItemWeights = z.infer<typeof ItemWeights>

/** A network or block of the library, as it was last saved. */
export const LibraryItem = z.object({
  id: ItemId,
  name: ItemName,
  /** A network document or a block document; its `format` tells. Its own name is the item's. */
  document: z.union([NetworkDocument, BlockDocument]),
  createdAt: z.string(),
  changedAt: z.string(),
  /** How many versions were kept. */
  versions: z.number().int(),
  /** Networks only; null where none were brought in. */
  weights: ItemWeights.nullable(),
})
export type LibraryItem = z.infer<typeof LibraryItem>

/** A state of an item that was kept on purpose. */
export const ItemVersion = z.object({
  id: z.number().int(),
  item: ItemId,
  at: z.string(),
  note: z.string(),
  document: z.union([NetworkDocument, BlockDocument]),
})
export type ItemVersion = z.infer<typeof ItemVersion>

/** What a page hands in to be kept. */
export const SaveItem = z.strictObject({
  /** Absent for a new item. */
  id: ItemId.optional(),
  document: z.union([NetworkDocument, BlockDocument]),
})

/** Where weights are taken from: initial values of a seed, a run's newest checkpoint, or a library item that has some. */
export const WeightsSource = z.union([
  InitialWeights.extend({
    /** A preset's words or a document. */
    network: z.union([z.string().min(1).max(500), NetworkDocument]),
  }),
  z.strictObject({ run: RunId }),
  z.strictObject({ item: ItemId }),
])
export type WeightsSource = z.infer<typeof WeightsSource>
