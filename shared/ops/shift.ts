import { z } from 'zod'
import { defineOp, elements } from './op'

/** One learned number added to all values: Fixup's scalar bias (Zhang, Dauphin and Ma 2019). */
export const shift = defineOp({
  kind: 'shift',
  title: 'Shift',
  category: 'Normalisation',
  description: 'One learned number added to all values.',
  attributes: z.strictObject({
    value: z.number().min(-1e6).max(1e6).default(0).describe('what it starts at'),
  }),
  arity: [1, 1],
  shape: ([x]) => x!,
  parameters: (_, { value }) => [{ name: 'beta', role: 'shift', shape: [1], start: { value } }],
  flops: (_, __, output) => elements(output),
  forward: (g, { inputs: [x], parameters: { beta } }) => ({ output: g.add(x!, beta!) }),
  gradient(g, { dy }) {
    const axes = dy.shape.map((_, axis) => axis)
    return { inputs: [dy], parameters: { beta: g.reshape(g.sumOver(dy, axes), [1]) } }
  },
})
