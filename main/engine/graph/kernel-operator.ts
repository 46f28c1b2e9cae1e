import type { Layer } from '../../../shared/architecture'
import { convolutionKernel } from '../../../shared/spectra/layer-operators'
import type { Grid, Taps } from './kernel-transform'

/** A kernel as the repairs take it. */
export interface KernelOperator extends Required<Taps> {
  /** [kh, kw, in / groups, out], or [in, out] of a dense layer. */
  readonly shape: readonly number[]
  /** Of its matrices at each frequency and group. */
  readonly fullRank: number
  /** Sides of the grid of frequencies: those of the convolution's output; null for a dense layer. */
  readonly grid: Grid | null
}

/** The kernel of a layer. @param shape As the layer has it. */
export function kernelOperator(layer: Layer, shape: readonly number[]): KernelOperator {
  const convolution = convolutionKernel(layer)
  if (!convolution) return { shape, groups: 1, dilation: 1, fullRank: fullRankOf(shape, 1), grid: null }
  const [height, width] = layer.shape as [number, number]
  return { ...convolution, fullRank: fullRankOf(convolution.shape, convolution.groups), grid: [height, width] }
}

/** The rank that the matrices of a kernel [kh, kw, in / groups, out] or [in, out] may have. */
export function fullRankOf(shape: readonly number[], groups: number): number {
  const [within, out] = shape.slice(-2) as [number, number]
  return Math.min(within, out / groups)
}
