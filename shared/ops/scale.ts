import { z } from 'zod'
import { defineOp, elements } from './op'

/**
 * All values times one number: a learned one, as at the ends of SkipInit's and ReZero's branches (De and Smith 2020, Bachlechner and others 2020), or a fixed one, as
 * branch multipliers are.
 */
export const scale = defineOp({
  kind: 'scale',
  title: 'Scale',
  category: 'Normalisation',
  description: 'All values times one number, learned or fixed.',
  attributes: z.strictObject({
    value: z.number().min(-1e6).max(1e6).default(1).describe('the number, or where it is learned what it starts at'),
    learned: z.boolean().default(true).describe('whether it is trained'),
  }),
  arity: [1, 1],
  shape: ([x]) => x!,
  parameters: (_, { value, learned }) => (learned ? [{ name: 'gamma', role: 'scale', shape: [1], start: { value } }] : []),
  flops: (_, __, output) => elements(output),
  forward(g, { inputs: [x], parameters: { gamma }, attributes: { value } }) {
    return { output: gamma ? g.multiply(x!, gamma) : g.scale(x!, value) }
  },
  gradient(g, { inputs: [x], parameters: { gamma }, attributes: { value }, dy }) {
    if (!gamma) return { inputs: [g.scale(dy, value)] }
    const axes = dy.shape.map((_, axis) => axis)
    return {
      inputs: [g.multiply(dy, gamma)],
      parameters: { gamma: g.reshape(g.sumOver(g.multiply(dy, x!), axes), [1]) },
    }
  },
})
