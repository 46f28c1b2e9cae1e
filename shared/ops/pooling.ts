import { z } from 'zod'
import { image, type Shape, slide } from './op'

/** Attributes that average and max pooling share. */
export const poolingAttributes = z.strictObject({
  size: z.number().int().min(1).max(255).default(2).describe('side of the window').meta({ unit: 'pixels' }),
  stride: z.number().int().min(1).max(64).default(2).describe('step of the window').meta({ unit: 'pixels' }),
  padding: z.enum(['same', 'valid']).default('valid').describe('same: windows may reach over the edge; valid: none does'),
})

export function pooledShape(x: Shape | undefined, { size, stride, padding }: z.output<typeof poolingAttributes>): Shape {
  const { height, width, channels } = image(x)
  return [slide(height, size, stride, padding), slide(width, size, stride, padding), channels]
}
