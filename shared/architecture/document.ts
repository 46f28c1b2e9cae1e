import { z } from 'zod'

/** The name of a layer or block: it becomes part of parameters' names, joined by dots. */
export const NodeId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, - or _, and begin with a letter')

const Coordinate = z.number().min(-1e6).max(1e6)

const base = {
  id: NodeId,
  /**
   * Where the node's inputs come from: ids of nodes in the same block, or `$input` (`$input1`, …) for what enters the
   * block. Absent: the node before it in the list, or the block's input for the first.
   */
  inputs: z
    .array(z.string().regex(/^(\$input\d*|[A-Za-z][A-Za-z0-9_-]{0,63})$/, 'must be the name of a node, or $input'))
    .max(64)
    .optional(),
  /** Where the designer draws it: right and down from its block's corner, pixels. Absent: where the layout puts it. */
  at: z.tuple([Coordinate, Coordinate]).optional(),
  /** Counts as a unit: the gradient's norm is measured where the tensor enters it and where it leaves. */
  unit: z.enum(['stem', 'block', 'transition']).optional(),
}

/** A layer: `kind` names an op of shared/ops, whose schema validates `attributes`. */
export interface LayerNode {
  id: string
  kind: string
  inputs?: string[] | undefined
  at?: [number, number] | undefined
  unit?: 'stem' | 'block' | 'transition' | undefined
  attributes?: Record<string, unknown> | undefined
}

/** A named sub-graph; with `repeat` a chain of copies named id1, id2, … (or from `first`). */
export interface BlockNode {
  id: string
  kind: 'block'
  inputs?: string[] | undefined
  at?: [number, number] | undefined
  unit?: 'stem' | 'block' | 'transition' | undefined
  repeat?: number | undefined
  first?: number | undefined
  /** The node whose value leaves the block; the last one where absent. */
  output?: string | undefined
  nodes: NetworkNode[]
}
export type NetworkNode = LayerNode | BlockNode

export const NetworkNode: z.ZodType<NetworkNode> = z.lazy(() =>
  z.union([
    z.strictObject({
      ...base,
      kind: z.literal('block'),
      repeat: z.number().int().min(1).max(10_000).optional(),
      first: z.number().int().min(0).max(100_000).optional(),
      output: NodeId.optional(),
      nodes: z.array(NetworkNode).min(1).max(10_000),
    }),
    z.strictObject({
      ...base,
      kind: z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/, 'must be small letters, digits or -, and begin with a letter')
        // With abort: else the union takes a block with a fault for a layer with a wrong kind, and says so.
        .refine((kind) => kind !== 'block', { abort: true }),
      attributes: z
        .record(z.string(), z.unknown())
        .refine((attributes) => !isDeeper(attributes, MOST_VALUE_DEPTH), 'must not hold lists or objects so deep in one another')
        .optional(),
    }),
  ]),
)

export const DOCUMENT_VERSION = 1

/** Blocks may lie in one another this deep; whoever reads a document walks it by recursion, which must come to its end. */
export const MOST_DEPTH = 100

/** Lists and objects in an attribute; no layer's are deeper than one. */
const MOST_VALUE_DEPTH = 20

/**
 * Whether values lie in one another deeper than that. One that is met again, as in a circle, is walked again only where it lies deeper than before: of what a page may send, parts
 * may hold one another many times over, and all ways through them are more than can be gone.
 */
function liesDeeper(value: unknown, most: number, inside: (outer: object) => readonly unknown[]): boolean {
  const seen = new Map<object, number>()
  const walk = (outer: unknown, depth: number): boolean => {
    if (depth > most) return true
    if (typeof outer !== 'object' || outer === null || (seen.get(outer) ?? -1) >= depth) return false
    seen.set(outer, depth)
    return inside(outer).some((inner) => walk(inner, depth + 1))
  }
  return walk(value, 0)
}

/** Whether lists and objects lie in one another deeper than that. */
const isDeeper = (value: unknown, most: number): boolean => liesDeeper(value, most, (outer) => Object.values(outer) as unknown[])

/** Whether blocks lie in one another deeper than they may. */
const isTooDeep = (document: unknown): boolean =>
  liesDeeper(document, MOST_DEPTH + 1, (outer) => {
    const { nodes } = outer as { nodes?: unknown }
    return Array.isArray(nodes) ? (nodes as unknown[]) : []
  })

const WellNested = z.strictObject({
  format: z.literal('normlab/network'),
  version: z.literal(DOCUMENT_VERSION),
  name: z.string().min(1).max(200),
  nodes: z.array(NetworkNode).min(1).max(10_000),
})
export type NetworkDocument = z.infer<typeof WellNested>

/** The network document: a DAG of layers and blocks, from one `input` node to one `softmax-cross-entropy` node. */
export const NetworkDocument: z.ZodType<NetworkDocument, NetworkDocument> = z.preprocess((document, context) => {
  if (!isTooDeep(document)) return document
  context.issues.push({
    code: 'custom',
    message: `blocks lie in one another more than ${MOST_DEPTH} deep; ungroup some of them`,
    input: document,
  })
  return z.NEVER
}, WellNested) as unknown as z.ZodType<NetworkDocument, NetworkDocument>
