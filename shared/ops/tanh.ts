import { z } from 'zod'
import { defineOp, elements } from './op'

/** The hyperbolic tangent. */
export const tanh = defineOp({
  kind: 'tanh',
  title: 'Tanh',
  category: 'Activation',
  description: 'The hyperbolic tangent.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => 4 * elements(output),
  forward: (g, { inputs }) => ({ output: g.tanh(inputs[0]!) }),
  // dtanh/dx = 1 − tanh².
  gradient: (g, { output, dy }) => ({ inputs: [g.multiply(dy, g.subtract(g.constant(1), g.square(output)))] }),
})
