import type { Shape } from '../ops'
import type { NetworkNode } from './document'
import type { Problem } from './problem'

export type { Problem } from './problem'

/** What a node of the document comes to, all its copies together. */
export interface NodeCheck {
  readonly path: string
  readonly node: NetworkNode
  /** What enters its first copy; null where that is not known. */
  readonly inputs: readonly (Shape | null)[]
  /** What leaves its last copy; null where that is not known. */
  readonly output: Shape | null
  /** How often it stands in the network with all repeats written out. */
  readonly copies: number
  readonly parameters: number
  /** Of one image's forward pass; a multiply-add counts as two. */
  readonly flops: number
  /** Bytes that training keeps of it for each image. */
  readonly memory: number
  /** Layers with kernels along the longest way from the input to what leaves it. */
  readonly depth: number | null
  /** Side of the part of the input that one entry of its output sees, pixels; not cut at the image's edge. Infinity for all. */
  readonly receptiveField: number | null
  readonly problems: readonly Problem[]
}

/** A node that counts as a unit: one for each of its copies. */
export interface CheckedUnit {
  readonly path: string
  readonly kind: 'stem' | 'block' | 'transition'
  readonly copies: number
  readonly enters: Shape | null
  readonly leaves: Shape | null
}

/** What a document comes to while it is being drawn, errors and all. */
export interface NetworkCheck {
  /** By path, blocks and layers alike. */
  readonly nodes: ReadonlyMap<string, NodeCheck>
  /** In the document's order; the network's own first. */
  readonly problems: readonly Problem[]
  /** Layers with all repeats written out. */
  readonly layers: number
  readonly parameters: number
  readonly flops: number
  readonly depth: number | null
  readonly receptiveField: number | null
  /** Bytes that training takes: of each image, and whatever the batch. */
  readonly memory: { readonly perImage: number; readonly fixed: number }
  readonly units: readonly CheckedUnit[]
  /** Residual blocks with their copies: the L of the bound. */
  readonly blocks: number
}
