import type { NetworkCheck } from '../../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'

/** How blocks are shown that are not folded: opened in place, or written out copy by copy. */
export type BlockView = 'open' | 'copies'

/** A thing on the canvas, at its place in its parent, pixels. */
export interface DrawnNode {
  /**
   * The node's path (`stage1/block/conv1`); `stage1/block#17` for a copy, `stage1/block>in0` and `stage1/block>out` for where tensors
   * enter and leave an opened block.
   */
  readonly id: string
  readonly path: string
  readonly role: 'layer' | 'block' | 'open' | 'copies' | 'copy' | 'entry' | 'exit'
  /** The id of the opened block that it lies in; null at the top. */
  readonly parent: string | null
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly node: NetworkNode
  /** Dotted name of the copy (`stage1.block17`); of copies alone. */
  readonly name?: string
}

/** A connection on the canvas, from what leaves a drawn node to an input of another. */
export interface DrawnEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  /** The target's how-manieth input, from 0. */
  readonly port: number
  /** Another way leads there too, and is longer: drawn as an arc beside the flow. */
  readonly isSkip: boolean
  /** `32×32×16`, where it is known. */
  readonly label: string
  readonly parent: string | null
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
  readonly width: number
  readonly height: number
}

/** Lays a document out, from top to bottom, blocks as they are viewed; parents come before what lies in them. */
export function draw(document: NetworkDocument, views: ReadonlyMap<string, BlockView>, check: NetworkCheck): Drawing {
  throw new Error(`${document.name} ${views.size} ${check.layers}`)
}
