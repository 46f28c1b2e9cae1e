import { z } from 'zod'
import { defineOp, elements } from './op'

/** max(x, 0). Its gradient at 0 is 0. */
export const relu = defineOp({
  kind: 'relu',
  title: 'ReLU',
  category: 'Activation',
  description: 'max(x, 0).',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape: ([x]) => x!,
  flops: (_, __, output) => elements(output),
  forward: (g, { inputs }) => ({ output: g.relu(inputs[0]!) }),
  gradient: (g, { output, dy }) => ({ inputs: [g.reluGradient(dy, output)] }),
})
