import { z } from 'zod'
import type { Window } from './graph'
import { MisfitError } from './misfit'
import { image, type Shape } from './op'
import { convolutionPadding, explicitZeros, ownPadding, slidSide, zerosAround } from './padding'

/** Attributes that average and max pooling share. */
export const poolingAttributes = z.strictObject({
  size: z.number().int().min(1).max(255).default(2).describe('side of the window').meta({ unit: 'pixels' }),
  stride: z.number().int().min(1).max(64).default(2).describe('step of the window').meta({ unit: 'pixels' }),
  padding: convolutionPadding
    .default('valid')
    .describe(
      'same: windows may reach over the edge; valid: none does; symmetric: half the window is put around, as PyTorch pads; explicit: as many pixels as zeros says',
    ),
  zeros: explicitZeros,
})
type Pooling = z.output<typeof poolingAttributes>

/** @throws MisfitError where a window would see nothing of the image. */
export function pooledShape(x: Shape | undefined, attributes: Pooling): Shape {
  const { height, width, channels } = image(x)
  const { size, padding, zeros } = attributes
  if (padding === 'explicit' && zeros > size / 2) throw new MisfitError('zeros-over-half', { zeros, size })
  return [slidSide(height, attributes), slidSide(width, attributes), channels]
}

/** What is put around each image, and the window that slides over it then. */
export function pooledWindow(attributes: Pooling): { around: number; window: Window } {
  const { size, stride, padding } = attributes
  return { around: zerosAround(attributes), window: { size, stride, padding: ownPadding(padding) } }
}
