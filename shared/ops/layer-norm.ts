import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { channelsOf, normaliseGroups, normaliseGroupsGradient } from './group-normalisation'
import { defineOp, elements } from './op'

/**
 * Layer normalisation (Ba et al. 2016) over all of an image's values, or a vector's; scale and shift are a channel's. Over the channels
 * each place of an image is a vector by itself, as a Transformer normalises its tokens.
 */
export const layerNorm = defineOp({
  kind: 'layer-norm',
  title: 'Layer norm',
  category: 'Normalisation',
  description: 'Each image by all of its own values, or place by place.',
  attributes: z.strictObject({
    epsilon: z.number().min(0).max(1).default(1e-5).describe('added to the variance'),
    over: z
      .enum(['image', 'channels'])
      .default('image')
      .describe('image: all of an image’s values; channels: those of each place, as of a token'),
  }),
  arity: [1, 1],
  shape: ([x]) => (channelsOf(x), x!),
  parameters: ([x]) => [
    { name: 'gamma', role: 'scale', shape: [channelsOf(x)], start: { value: 1 } },
    { name: 'beta', role: 'shift', shape: [channelsOf(x)], start: { value: 0 } },
  ],
  flops: (_, __, output) => 8 * elements(output),
  forward(g, { inputs: [x], parameters: { gamma, beta }, attributes: { epsilon, over } }) {
    const { y, saved } = normaliseGroups(g, over === 'image' ? x! : placesOf(g, x!), gamma!, beta!, 1, epsilon)
    return { output: g.reshape(y, x!.shape), saved }
  },
  gradient(g, { parameters: { gamma }, attributes: { over }, saved, dy }) {
    const { x, ...parameters } = normaliseGroupsGradient(g, over === 'image' ? dy : placesOf(g, dy), gamma!, saved, 1)
    return { inputs: [g.reshape(x, dy.shape)], parameters }
  },
})

/** Every place of every image as a vector of its channels. */
function placesOf(g: Graph, x: Tensor): Tensor {
  const [n, ...sides] = x.shape as [number, ...number[]]
  const places = elements(sides.slice(0, -1))
  return g.reshape(x, [n < 0 ? -1 : n * places, sides[sides.length - 1]!])
}
