import { z } from 'zod'
import { defineOp, elements, startFactor } from './op'

/** Fully-connected layer, x·W + b; an image is flattened in the order height, width, channel. */
export const dense = defineOp({
  kind: 'dense',
  title: 'Dense',
  category: 'Convolution and dense',
  description: 'Fully-connected layer; an image is flattened first.',
  example: { units: 10 },
  attributes: z.strictObject({
    units: z.number().int().min(1).max(1_000_000).describe('output features').meta({ grows: 'twofold' }),
    bias: z.boolean().default(true).describe('adds a learned shift to each output'),
    start: startFactor,
  }),
  arity: [1, 1],
  window: () => 'all',
  shape: (_, { units }) => [units],
  parameters([x], { units, bias, start }) {
    const kernel = {
      name: 'kernel' as const,
      role: 'kernel' as const,
      shape: [elements(x!), units],
      start: { fanIn: elements(x!), fanOut: units, layer: 'dense' as const, factor: start },
    }
    return bias ? [kernel, { name: 'bias' as const, role: 'bias' as const, shape: [units], start: { value: 0 } }] : [kernel]
  },
  flops: ([x], { units, bias }) => units * (2 * elements(x!) + (bias ? 1 : 0)),
  forward(g, { inputs: [x], parameters: { kernel, bias } }) {
    const y = g.matmul(g.reshape(x!, [x!.shape[0]!, kernel!.shape[0]!]), kernel!)
    return { output: bias ? g.addBias(y, bias) : y }
  },
  gradient(g, { inputs: [x], parameters: { kernel, bias }, dy, wanted }) {
    const flat = g.reshape(x!, [x!.shape[0]!, kernel!.shape[0]!])
    return {
      inputs: [wanted[0] ? g.reshape(g.matmul(dy, kernel!, { b: true }), x!.shape) : null],
      parameters: { kernel: g.matmul(flat, dy, { a: true }), ...(bias && { bias: g.biasGradient(dy) }) },
    }
  },
})
