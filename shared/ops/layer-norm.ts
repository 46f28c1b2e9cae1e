import { z } from 'zod'
import { channelsOf, normaliseGroups, normaliseGroupsGradient } from './group-normalisation'
import { defineOp, elements } from './op'

/** Layer normalisation (Ba et al. 2016) over all of an image's values, or a vector's; scale and shift are a channel's. */
export const layerNorm = defineOp({
  kind: 'layer-norm',
  title: 'Layer norm',
  category: 'Normalisation',
  description: 'Each image by all of its own values.',
  attributes: z.strictObject({ epsilon: z.number().min(0).max(1).default(1e-5).describe('added to the variance') }),
  arity: [1, 1],
  shape: ([x]) => (channelsOf(x), x!),
  parameters: ([x]) => [
    { name: 'gamma', role: 'scale', shape: [channelsOf(x)], start: { value: 1 } },
    { name: 'beta', role: 'shift', shape: [channelsOf(x)], start: { value: 0 } },
  ],
  flops: (_, __, output) => 8 * elements(output),
  forward(g, { inputs: [x], parameters: { gamma, beta }, attributes: { epsilon } }) {
    const { y, saved } = normaliseGroups(g, x!, gamma!, beta!, 1, epsilon)
    return { output: y, saved }
  },
  gradient(g, { parameters: { gamma }, saved, dy }) {
    const { x, ...parameters } = normaliseGroupsGradient(g, dy, gamma!, saved, 1)
    return { inputs: [x], parameters }
  },
})
