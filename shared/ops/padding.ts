import { z } from 'zod'
import { slide } from './op'

/**
 * How a convolution treats the edges of its input: SAME and VALID as TensorFlow defines them, symmetric as PyTorch's `padding=k // 2`, or
 * as many zeros on every side as are told. With a stride SAME puts an odd zero behind, so that its windows lie a pixel further than
 * symmetric ones.
 */
export const convolutionPadding = z
  .enum(['same', 'valid', 'symmetric', 'explicit'])
  .default('same')
  .describe(
    'same: zeros around the image; valid: none; symmetric: half the kernel on every side, as PyTorch pads; explicit: as many as zeros says',
  )
export type ConvolutionPadding = z.output<typeof convolutionPadding>

/** The number that explicit padding takes. */
export const explicitZeros = z
  .number()
  .int()
  .min(0)
  .max(1024)
  .default(0)
  .describe('with explicit padding: zeros on every side')
  .meta({ unit: 'pixels' })

/** What decides where the windows of a layer lie, along a side. */
export interface Sliding {
  readonly size: number
  readonly stride: number
  readonly padding: ConvolutionPadding
  readonly zeros: number
  /** Pixels from one tap of the kernel to the next. */
  readonly dilation?: number
}

/** Pixels that a kernel reaches over: dilation·(size − 1) + 1. */
export const reach = ({ size, dilation = 1 }: Pick<Sliding, 'size' | 'dilation'>): number => dilation * (size - 1) + 1

/** Taps between those by which two outputs may see one pixel, stride/gcd(stride, dilation): outputs lie whole strides apart, taps whole dilations. */
export const tapsApart = ({ stride, dilation = 1 }: Pick<Sliding, 'stride' | 'dilation'>): number =>
  stride / greatestDivisor(stride, dilation)

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

/** Zeros that are put around the image before a window slides that puts none. */
export function zerosAround(sliding: Pick<Sliding, 'size' | 'padding' | 'zeros' | 'dilation'>): number {
  if (sliding.padding === 'explicit') return sliding.zeros
  return sliding.padding === 'symmetric' ? Math.floor(reach(sliding) / 2) : 0
}

/** What is left for the layer itself to do. */
export function ownPadding(padding: ConvolutionPadding): 'same' | 'valid' {
  return padding === 'same' ? 'same' : 'valid'
}

/** Output side. @throws MisfitError where the window is larger than the padded side. */
export function slidSide(side: number, sliding: Sliding): number {
  return slide(side + 2 * zerosAround(sliding), reach(sliding), sliding.stride, ownPadding(sliding.padding))
}

/** What TensorFlow's SAME puts before and behind. */
export function samePads(side: number, reach: number, stride: number): readonly [number, number] {
  const all = Math.max((Math.ceil(side / stride) - 1) * stride + reach - side, 0)
  return [Math.floor(all / 2), all - Math.floor(all / 2)]
}

/** What is put around an image of those sides before a window slides over it, before and behind, along its height and its width. */
export function padsAround(sliding: Sliding, sides: readonly number[]): readonly (readonly [number, number])[] {
  const around = zerosAround(sliding)
  return sides
    .slice(0, 2)
    .map((side) => (sliding.padding === 'same' ? samePads(side, reach(sliding), sliding.stride) : [around, around]))
}
