import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp } from './op'

/**
 * E: the mean over the minibatch of −log softmax(logits)[label], nats; with label smoothing (Szegedy et al. 2016) against the
 * smoothed targets. The last node of every network.
 */
export const softmaxCrossEntropy = defineOp({
  kind: 'softmax-cross-entropy',
  title: 'Softmax cross-entropy',
  category: 'Input and output',
  description: 'The loss: mean cross-entropy of the minibatch, from one logit a class.',
  attributes: z.strictObject({}),
  arity: [1, 1],
  shape([logits]) {
    if (logits?.length !== 1) throw new MisfitError('no-logits', { got: logits })
    return []
  },
  flops: ([logits]) => 5 * logits![0]!,
  forward(g, { inputs: [logits], labels, labelSmoothing }) {
    const { losses, gradient } = labelSmoothing
      ? g.smoothedCrossEntropy(logits!, labels, labelSmoothing)
      : g.softmaxCrossEntropy(logits!, labels)
    return { output: g.mean(losses), saved: [gradient] }
  },
  gradient: (g, { saved: [gradient], dy }) => ({ inputs: [g.multiply(gradient!, g.scale(dy, 1 / gradient!.shape[0]!))] }),
})
