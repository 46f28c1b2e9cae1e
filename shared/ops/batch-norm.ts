import { z } from 'zod'
import { channelsOf } from './group-normalisation'
import { defineOp, elements } from './op'

/**
 * Batch normalisation (Ioffe and Szegedy 2015) of images by channel, of vectors by feature: by the batch's biased variance in training,
 * by moving statistics in evaluation.
 */
export const batchNorm = defineOp({
  kind: 'batch-norm',
  title: 'Batch norm',
  category: 'Normalisation',
  description: 'By the batch’s statistics, channel by channel or feature by feature; moving statistics in evaluation.',
  attributes: z.strictObject({
    epsilon: z.number().min(0).max(1).default(1e-5).describe('added to the variance'),
    momentum: z.number().min(0).max(1).default(0.9).describe('share of the moving statistics kept at each step'),
  }),
  arity: [1, 1],
  shape: ([x]) => (channelsOf(x), x!),
  parameters: ([x]) => [
    { name: 'gamma', role: 'scale', shape: [channelsOf(x)], start: { value: 1 } },
    { name: 'beta', role: 'shift', shape: [channelsOf(x)], start: { value: 0 } },
  ],
  statistics: ([x]) => [
    { name: 'mean', role: 'mean', shape: [channelsOf(x)], start: 0 },
    { name: 'variance', role: 'variance', shape: [channelsOf(x)], start: 1 },
  ],
  statisticMomentum: ({ momentum }) => momentum,
  flops: (_, __, output) => 2 * elements(output),
  forward(g, { inputs: [x], parameters: { gamma, beta }, statistics, attributes: { epsilon }, training }) {
    if (!training) return { output: g.normalise(x!, gamma!, beta!, statistics['mean']!, statistics['variance']!, epsilon) }
    const { y, mean, variance, reserved } = g.batchNorm(x!, gamma!, beta!, epsilon)
    return { output: y, saved: reserved, statistics: { mean, variance } }
  },
  gradient(g, { inputs: [x], parameters: { gamma }, statistics, attributes: { epsilon }, saved, dy, training }) {
    if (!training) {
      // A fixed scale, γ/√(σ² + ε): the layer itself without its shifts. Its parameters are not learned by it.
      const none = g.scale(gamma!, 0)
      return { inputs: [g.normalise(dy, gamma!, none, none, statistics['variance']!, epsilon)] }
    }
    const gradient = g.batchNormGradient(dy, x!, gamma!, saved, epsilon)
    return { inputs: [gradient.x], parameters: { gamma: gradient.gamma, beta: gradient.beta } }
  },
})
