import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, elements, image } from './op'

/** Why the gradient's norm goes back through norms of windows. */
export const WINDOW_NORM =
  'The gradient of a window’s norm is a unit vector: the norm goes back exactly, but for windows of zeros (arXiv 1805.07477v1).'

/**
 * Root of the sum of squares over size×size windows that do not overlap: the transition of the paper's first version.
 * Its backward pass keeps the gradient's norm exactly: the gradient of a window's norm is a unit vector.
 */
export const l2Pool = defineOp({
  kind: 'l2-pool',
  title: 'L2 pooling',
  category: 'Pooling',
  description: 'Root of the sum of squares over windows; it carries the gradient’s norm back exactly.',
  attributes: z.strictObject({
    size: z.number().int().min(1).max(255).default(2).describe('side of the window').meta({ unit: 'pixels' }),
  }),
  arity: [1, 1],
  keepsGradientNorm: WINDOW_NORM,
  window: ({ size }) => ({ size, stride: size }),
  shape([x], { size }) {
    const { height, width, channels } = image(x)
    if (height % size || width % size) {
      throw new MisfitError('window-does-not-divide', { size, height, width })
    }
    return [height / size, width / size, channels]
  },
  flops: ([x]) => 2 * elements(x!),
  forward(g, { inputs: [x], attributes: { size } }) {
    const windows = { size, stride: size, padding: 'valid' as const }
    return { output: g.squareRoot(g.scale(g.averagePool(g.square(x!), windows), size * size)) }
  },
  // d‖window‖/dx = x/‖window‖; a window of zeros passes nothing back.
  gradient(g, { inputs: [x], output, attributes: { size }, dy }) {
    const windows = { size, stride: size, padding: 'valid' as const }
    const share = g.scale(g.divideNoNan(dy, output), size * size)
    return { inputs: [g.multiplyNoNan(x!, g.averagePoolGradient(x!.shape, share, windows))] }
  },
})
