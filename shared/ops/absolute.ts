import { z } from 'zod'
import { defineOp, elements } from './op'

/** |x|. Its slope is 1 or −1 everywhere, at 0 as below it, so that it keeps the norm of every gradient. */
export const absolute = defineOp({
  kind: 'abs',
  title: 'Absolute value',
  category: 'Activation',
  description: '|x|: its slope is 1 or −1 everywhere, so that the gradient’s norm passes it unchanged.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  keepsGradientNorm: 'Its slope is 1 or −1 everywhere: the gradient’s norm goes back exactly.',
  flops: (_, __, output) => elements(output),
  forward: (g, { inputs }) => ({ output: g.leakyRelu(inputs[0]!, -1) }),
  gradient: (g, { inputs, dy }) => ({ inputs: [g.leakyReluGradient(dy, inputs[0]!, -1)] }),
})
