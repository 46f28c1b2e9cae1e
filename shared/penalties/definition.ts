import type { Graph, Tensor } from '../ops/graph'

/** A penalty on a kernel, added to the loss: how far the kernel is from being orthogonal, in one reading. */
export interface PenaltyDefinition {
  readonly name: string
  /** For people. */
  readonly title: string
  /** What the squares are summed of. */
  readonly says: string
  /**
   * d(penalty)/d(kernel) of a kernel [kh, kw, in, out], or [in, out] of a dense layer.
   *
   * @param step Taps by which a filter is shifted to meet the next output's: the stride, without dilation.
   */
  gradient(g: Graph, kernel: Tensor, step: number): Tensor
}
