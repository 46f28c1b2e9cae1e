import { z } from 'zod'
import { slide } from './op'

/**
 * How a convolution treats the edges of its input: SAME and VALID as TensorFlow defines them, or symmetric as PyTorch's `padding=k // 2`.
 * With a stride SAME puts an odd zero behind, so that its windows lie a pixel further than symmetric ones.
 */
export const convolutionPadding = z
  .enum(['same', 'valid', 'symmetric'])
  .default('same')
  .describe('same: zeros around the image; valid: none; symmetric: size // 2 zeros on every side, as PyTorch pads')
export type ConvolutionPadding = z.output<typeof convolutionPadding>

/** Zeros that are put around the image before a convolution that puts none. */
export function zerosAround(size: number, padding: ConvolutionPadding): number {
  return padding === 'symmetric' ? Math.floor(size / 2) : 0
}

/** What is left for the convolution itself to do. */
export function ownPadding(padding: ConvolutionPadding): 'same' | 'valid' {
  return padding === 'symmetric' ? 'valid' : padding
}

/** Output side of a convolution. @throws MisfitError where the window is larger than the padded side. */
export function convolved(side: number, size: number, stride: number, padding: ConvolutionPadding): number {
  return slide(side + 2 * zerosAround(size, padding), size, stride, ownPadding(padding))
}
