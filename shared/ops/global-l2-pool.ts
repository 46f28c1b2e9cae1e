import { z } from 'zod'
import { WINDOW_NORM } from './l2-pool'
import { defineOp, elements, image } from './op'

/** Euclidean norm of each channel over the whole image: [H, W, C] → [C]; in place of the average pooling in the paper's first version. */
export const globalL2Pool = defineOp({
  kind: 'global-l2-pool',
  title: 'Global L2 pooling',
  category: 'Pooling',
  description: 'Euclidean norm of each channel over the whole image; it carries the gradient’s norm back exactly.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  keepsGradientNorm: WINDOW_NORM,
  window: () => 'all',
  shape: ([x]) => [image(x).channels],
  flops: ([x]) => 2 * elements(x!),
  forward: (g, { inputs: [x] }) => ({ output: g.squareRoot(g.sumOverSpace(g.square(x!))) }),
  gradient(g, { inputs: [x], output, dy }) {
    const [, height, width] = x!.shape
    return { inputs: [g.multiplyNoNan(x!, g.spreadOverSpace(g.divideNoNan(dy, output), height!, width!))] }
  },
})
