import { z } from 'zod'
import { defineOp, elements, image, type Shape } from './op'

/**
 * Learned tokens before an image's own, row by row (Devlin et al. 2019; Dosovitskiy et al. 2021, arXiv 2010.11929): [H, W, C] → [tokens + H·W, 1, C]. What one of them has gathered by attention
 * is read by `token`.
 */
export const classToken = defineOp({
  kind: 'class-token',
  title: 'Class token',
  category: 'Attention and positions',
  description: 'Learned tokens before those of the image, which become one column.',
  attributes: z.strictObject({
    tokens: z.number().int().min(1).max(65_536).default(1).describe('how many'),
    deviation: z.number().min(0).max(1e6).default(0.02).describe('of the normal numbers that they start at'),
  }),
  arity: [1, 1],
  window: () => 'all',
  shape: ([x], { tokens }) => [tokens + placesIn(x!), 1, image(x).channels],
  parameters: ([x], { tokens, deviation }) => [
    { name: 'beta', role: 'shift', shape: [tokens, image(x).channels], start: { deviation } },
  ],
  flops: (_, __, output) => elements(output),
  forward(g, { inputs: [x], parameters: { beta }, attributes: { tokens } }) {
    const [n, height, width, channels] = x!.shape as [number, number, number, number]
    const behind = g.padAlong(g.reshape(x!, [n, height * width, 1, channels]), 1, tokens, 0)
    const before = g.padAlong(g.reshape(beta!, [1, tokens, 1, channels]), 1, 0, height * width)
    return { output: g.add(behind, before) }
  },
  gradient(g, { inputs: [x], attributes: { tokens }, dy, wanted }) {
    const [, height, width, channels] = x!.shape as [number, number, number, number]
    const own = g.sumOver(g.sliceAlong(dy, 1, 0, tokens), [0])
    return {
      inputs: [wanted[0] ? g.reshape(g.sliceAlong(dy, 1, tokens, height * width), x!.shape) : null],
      parameters: { beta: g.reshape(own, [tokens, channels]) },
    }
  },
})

const placesIn = (shape: Shape): number => shape[0]! * shape[1]!
