import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, image } from './op'

/** Some of its input's channels, which lie behind one another; the others are left out. */
export const channels = defineOp({
  kind: 'channels',
  title: 'Channels',
  category: 'Joining',
  description: 'Some of its input’s channels; the others go no further here.',
  example: { count: 1 },
  attributes: z.strictObject({
    first: z.number().int().min(0).max(65_535).default(0).describe('first channel that is taken, counted from 0'),
    count: z.number().int().min(1).max(65_536).describe('channels that are taken').meta({ grows: 'twofold' }),
  }),
  arity: [1, 1],
  shape([x], { first, count }) {
    const { height, width, channels } = image(x)
    if (first + count > channels) throw new MisfitError('channels-beyond', { first, count, channels })
    return [height, width, count]
  },
  flops: () => 0,
  forward: (g, { inputs, attributes: { first, count } }) => ({ output: g.sliceChannels(inputs[0]!, first, count) }),
  gradient: (g, { inputs, attributes: { first, count }, dy }) => ({
    inputs: [g.padChannels(dy, first, inputs[0]!.shape[3]! - first - count)],
  }),
})
