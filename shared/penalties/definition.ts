import type { Graph, Tensor } from '../ops/graph'

/** A penalty on a kernel, added to the loss: how far the kernel is from being orthogonal, in one reading. */
export interface PenaltyDefinition {
  readonly name: string
  /** For people. */
  readonly title: string
  /** What the squares are summed of. */
  readonly says: string
  /** d(penalty)/d(kernel) of a kernel [kh, kw, in, out], or [in, out] of a dense layer. */
  gradient(g: Graph, kernel: Tensor, stride: number): Tensor
}
