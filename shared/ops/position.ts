import { z } from 'zod'
import { defineOp, elements, image } from './op'

/** A learned number for each channel of each place, the same for all images (Dosovitskiy et al. 2021, arXiv 2010.11929): what tells a Transformer's tokens where they lie. */
export const position = defineOp({
  kind: 'position',
  title: 'Position embedding',
  category: 'Attention and positions',
  description: 'A learned image that is added to every image.',
  attributes: z.strictObject({
    deviation: z.number().min(0).max(1e6).default(0.02).describe('of the normal numbers that it starts at'),
  }),
  arity: [1, 1],
  shape: ([x]) => (image(x), x!),
  parameters: ([x], { deviation }) => [{ name: 'beta', role: 'shift', shape: x!, start: { deviation } }],
  flops: (_, __, output) => elements(output),
  forward: (g, { inputs: [x], parameters: { beta } }) => ({ output: g.add(x!, beta!) }),
  gradient: (g, { dy }) => ({ inputs: [dy], parameters: { beta: g.sumOver(dy, [0]) } }),
})
