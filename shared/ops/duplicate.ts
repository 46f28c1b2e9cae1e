import { z } from 'zod'
import { defineOp, image } from './op'

/** The input concatenated with itself on channels, [a, b] → [a, b, a, b]; its backward pass adds the copies' gradients. */
export const duplicate = defineOp({
  kind: 'duplicate',
  title: 'Duplicate channels',
  category: 'Joining',
  description: 'The input concatenated with itself on channels.',
  attributes: z.strictObject({ times: z.number().int().min(1).max(64).default(2).describe('copies') }),
  arity: [1, 1],
  shape([x], { times }) {
    const { height, width, channels } = image(x)
    return [height, width, channels * times]
  },
  flops: () => 0,
  forward: (g, { inputs: [x], attributes: { times } }) => ({
    output: g.concatenateChannels(Array.from({ length: times }, () => x!)),
  }),
  gradient(g, { inputs: [x], attributes: { times }, dy }) {
    const channels = x!.shape[3]!
    return { inputs: [g.sum(Array.from({ length: times }, (_, copy) => g.sliceChannels(dy, copy * channels, channels)))] }
  },
})
