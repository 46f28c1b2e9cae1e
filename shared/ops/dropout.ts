import { z } from 'zod'
import { defineOp, elements } from './op'

/**
 * Sets entries to 0 with a probability and divides the others by what is left, in training only (Srivastava et al. 2014). The
 * draws come from the run's seed, the step and the layer alone: nothing of them is kept.
 */
export const dropout = defineOp({
  kind: 'dropout',
  title: 'Dropout',
  category: 'Regularisation',
  description: 'Sets entries to 0 by chance, in training only.',
  attributes: z.strictObject({
    rate: z.number().min(0).max(0.99).default(0.5).describe('chance of an entry to be dropped'),
  }),
  arity: [1, 1],
  shape: ([x]) => x!,
  isRandom: true,
  flops: (_, __, output) => 2 * elements(output),
  forward(g, { inputs: [x], attributes: { rate }, training, key, index }) {
    if (!training || rate === 0) return { output: x! }
    const kept = g.atLeast(g.uniform(x!, key, index), rate)
    const mask = g.scale(kept, 1 / (1 - rate))
    return { output: g.multiply(x!, mask), saved: [mask] }
  },
  gradient: (g, { saved: [mask], dy }) => ({ inputs: [mask ? g.multiply(dy, mask) : dy] }),
})
