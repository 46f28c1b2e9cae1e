import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, image } from './op'

/** One place of an image as a vector: [H, W, C] → [C]; the first is where a class token stands. */
export const token = defineOp({
  kind: 'token',
  title: 'One token',
  category: 'Attention and positions',
  description: 'The channels of a single place, such as the class token’s.',
  attributes: z.strictObject({
    place: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31)
      .default(0)
      .describe('which, row by row from 0'),
  }),
  arity: [1, 1],
  window: () => 'all',
  shape([x], { place }) {
    const { height, width, channels } = image(x)
    if (place >= height * width) throw new MisfitError('no-such-place', { place, places: height * width })
    return [channels]
  },
  flops: () => 0,
  forward(g, { inputs: [x], attributes: { place } }) {
    const [n, height, width, channels] = x!.shape as [number, number, number, number]
    const places = g.reshape(x!, [n, height * width, channels])
    return { output: g.reshape(g.sliceAlong(places, 1, place, 1), [n, channels]) }
  },
  gradient(g, { inputs: [x], attributes: { place }, dy }) {
    const [n, height, width, channels] = x!.shape as [number, number, number, number]
    const own = g.reshape(dy, [n, 1, channels])
    return { inputs: [g.reshape(g.padAlong(own, 1, place, height * width - place - 1), x!.shape)] }
  },
})
