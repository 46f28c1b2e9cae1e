import { defineOp, elements } from './op'
import { pooledShape, poolingAttributes } from './pooling'

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
  forward: (g, { inputs, attributes }) => ({ output: g.maxPool(inputs[0]!, attributes) }),
  gradient: (g, { inputs, output, attributes, dy }) => ({ inputs: [g.maxPoolGradient(inputs[0]!, output, dy, attributes)] }),
})
