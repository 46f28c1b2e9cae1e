import { z } from 'zod'
import { defineOp, elements } from './op'

/** x where it is positive, slope·x elsewhere (Maas et al. 2013). */
export const leakyRelu = defineOp({
  kind: 'leaky-relu',
  title: 'Leaky ReLU',
  category: 'Activation',
  description: 'x where it is positive, slope·x elsewhere.',
  attributes: z.strictObject({
    slope: z.number().min(0).max(1).default(0.01).describe('factor of negative values'),
  }),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 2 * elements(output),
  forward: (g, { inputs, attributes: { slope } }) => ({ output: g.leakyRelu(inputs[0]!, slope) }),
  gradient: (g, { inputs, attributes: { slope }, dy }) => ({ inputs: [g.leakyReluGradient(dy, inputs[0]!, slope)] }),
})
