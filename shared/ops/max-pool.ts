import { defineOp, elements } from './op'
import { pooledShape, pooledWindow, poolingAttributes } from './pooling'

/** The least finite number of single precision. */
const LEAST = -3.4028234663852886e38

/** Largest value of size×size windows; the gradient goes to it alone. */
export const maxPool = defineOp({
  kind: 'max-pool',
  title: 'Max pooling',
  category: 'Pooling',
  description: 'Largest value of windows.',
  attributes: poolingAttributes,
  arity: [1, 1],
  window: ({ size, stride }) => ({ size, stride }),
  shape: ([x], attributes) => pooledShape(x, attributes),
  flops: (_, { size }, output) => size * size * elements(output),
  forward(g, { inputs, attributes }) {
    const { around, window } = pooledWindow(attributes)
    // What is put around is never the largest.
    const padded = g.padSpace(inputs[0]!, around, LEAST)
    return { output: g.maxPool(padded, window), saved: [padded] }
  },
  gradient(g, { inputs, output, attributes, saved, dy }) {
    const { around, window } = pooledWindow(attributes)
    return { inputs: [g.cropSpace(g.maxPoolGradient(saved[0] ?? inputs[0]!, output, dy, window), around)] }
  },
})
