import { z } from 'zod'
import { defineOp, elements, image } from './op'

/** Mean of each channel over the whole image: [H, W, C] → [C]. */
export const globalAveragePool = defineOp({
  kind: 'global-average-pool',
  title: 'Global average pooling',
  category: 'Pooling',
  description: 'Mean of each channel over the whole image.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  window: () => 'all',
  shape: ([x]) => [image(x).channels],
  flops: ([x]) => elements(x!),
  forward(g, { inputs: [x] }) {
    return { output: g.scale(g.sumOverSpace(x!), 1 / (x!.shape[1]! * x!.shape[2]!)) }
  },
  gradient(g, { inputs: [x], dy }) {
    const [, height, width] = x!.shape
    return { inputs: [g.spreadOverSpace(g.scale(dy, 1 / (height! * width!)), height!, width!)] }
  },
})
