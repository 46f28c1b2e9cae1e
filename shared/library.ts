import { z } from 'zod'
import { NetworkDocument, NetworkNode } from './architecture/document'

/** The library: the user's own networks and blocks, as the lab keeps them. */

export const BLOCK_VERSION = 1

/** A block by itself, to be put into networks: a file of its own, like a network document. */
export const BlockDocument = z.strictObject({
  format: z.literal('normlab/block'),
  version: z.literal(BLOCK_VERSION),
  name: z.string().trim().min(1).max(200),
  /** A block node, with all that is in it. */
  node: NetworkNode.refine((node) => node.kind === 'block', 'must be a block'),
})
export type BlockDocument = z.infer<typeof BlockDocument>

export const ItemId = z.number().int().min(1)
export const ItemName = z.string().trim().min(1).max(200)

/** Weights that were brought in for a network: one file, checked against its parameters. */
export const ItemWeights = z.object({
  /** The file's own name when it came. */
  name: z.string(),
  bytes: z.number(),
  /** SHA-256, hexadecimal. */
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
