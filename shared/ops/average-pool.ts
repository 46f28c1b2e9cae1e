import { defineOp, elements } from './op'
import { pooledShape, poolingAttributes } from './pooling'

/** Mean over size×size windows; with SAME padding over those of its pixels that are there. */
export const averagePool = defineOp({
  kind: 'average-pool',
  title: 'Average pooling',
  category: 'Pooling',
  description: 'Mean over windows.',
  attributes: poolingAttributes,
  arity: [1, 1],
  window: ({ size, stride }) => ({ size, stride }),
  shape: ([x], attributes) => pooledShape(x, attributes),
  flops: (_, { size }, output) => size * size * elements(output),
  forward: (g, { inputs, attributes }) => ({ output: g.averagePool(inputs[0]!, attributes) }),
  gradient: (g, { inputs, attributes, dy }) => ({ inputs: [g.averagePoolGradient(inputs[0]!.shape, dy, attributes)] }),
})
