import { defineOp, elements } from './op'
import { pooledShape, pooledWindow, poolingAttributes } from './pooling'

/**
 * Mean over size×size windows; with SAME padding over those of its pixels that are there, with symmetric or explicit padding over the zeros
 * too, as PyTorch does.
 */
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
  forward(g, { inputs, attributes }) {
    const { around, window } = pooledWindow(attributes)
    return { output: g.averagePool(g.padSpace(inputs[0]!, around), window) }
  },
  gradient(g, { inputs, attributes, dy }) {
    const { around, window } = pooledWindow(attributes)
    const [n, height, width, channels] = inputs[0]!.shape as [number, number, number, number]
    const padded = [n, height + 2 * around, width + 2 * around, channels]
    return { inputs: [g.cropSpace(g.averagePoolGradient(padded, dy, window), around)] }
  },
})
