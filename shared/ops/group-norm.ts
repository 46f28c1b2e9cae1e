import { z } from 'zod'
import { channelsOf, normaliseGroups, normaliseGroupsGradient } from './group-normalisation'
import { MisfitError } from './misfit'
import { defineOp, elements } from './op'

/** Group normalisation (Wu and He 2018); with as many groups as channels, instance normalisation (Ulyanov et al. 2016). */
export const groupNorm = defineOp({
  kind: 'group-norm',
  title: 'Group norm',
  category: 'Normalisation',
  description: 'Each image by its own values, group of channels by group.',
  attributes: z.strictObject({
    groups: z.number().int().min(1).max(65_536).default(8).describe('parts of the channels that are normalised apart'),
    epsilon: z.number().min(0).max(1).default(1e-5).describe('added to the variance'),
  }),
  arity: [1, 1],
  shape([x], { groups }) {
    const channels = channelsOf(x)
    if (channels % groups) {
      throw new MisfitError('groups-do-not-divide', { groups, channels })
    }
    return x!
  },
  parameters: ([x]) => [
    { name: 'gamma', role: 'scale', shape: [channelsOf(x)], start: { value: 1 } },
    { name: 'beta', role: 'shift', shape: [channelsOf(x)], start: { value: 0 } },
  ],
  flops: (_, __, output) => 8 * elements(output),
  forward(g, { inputs: [x], parameters: { gamma, beta }, attributes: { groups, epsilon } }) {
    const { y, saved } = normaliseGroups(g, x!, gamma!, beta!, groups, epsilon)
    return { output: y, saved }
  },
  gradient(g, { parameters: { gamma }, attributes: { groups }, saved, dy }) {
    const { x, ...parameters } = normaliseGroupsGradient(g, dy, gamma!, saved, groups)
    return { inputs: [x], parameters }
  },
})
