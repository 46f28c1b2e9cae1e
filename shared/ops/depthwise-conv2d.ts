import { z } from 'zod'
import type { Tensor } from './graph'
import { defineOp, elements, image } from './op'
import { convolutionPadding, explicitZeros, ownPadding, slidSide, zerosAround } from './padding'

/** Depthwise convolution: each channel with kernels of its own, `multiplier` of them (as in Chollet 2017 before the 1×1). */
export const depthwiseConv2d = defineOp({
  kind: 'depthwise-conv2d',
  title: 'Depthwise convolution',
  category: 'Convolution and dense',
  description: 'Each channel with kernels of its own.',
  attributes: z.strictObject({
    multiplier: z.number().int().min(1).max(1024).default(1).describe('output channels for each input channel'),
    size: z.number().int().min(1).max(255).default(3).describe('side of the kernel').meta({ unit: 'pixels' }),
    stride: z.number().int().min(1).max(64).default(1).describe('step of the kernel').meta({ unit: 'pixels' }),
    padding: convolutionPadding,
    zeros: explicitZeros,
    bias: z.boolean().default(false).describe('adds a learned shift to each output channel'),
  }),
  arity: [1, 1],
  window: ({ size, stride }) => ({ size, stride }),
  shape([x], { multiplier, ...sliding }) {
    const { height, width, channels } = image(x)
    return [slidSide(height, sliding), slidSide(width, sliding), channels * multiplier]
  },
  parameters([x], { multiplier, size, bias }) {
    const { channels } = image(x)
    const start = { fanIn: size * size, fanOut: size * size * multiplier, layer: 'convolution' as const }
    const kernel = { name: 'kernel' as const, role: 'kernel' as const, shape: [size, size, channels, multiplier], start }
    return bias
      ? [kernel, { name: 'bias' as const, role: 'bias' as const, shape: [channels * multiplier], start: { value: 0 } }]
      : [kernel]
  },
  flops: (_, { size, bias }, output) => elements(output) * (2 * size * size + (bias ? 1 : 0)),
  forward(g, { inputs, parameters, attributes }) {
    const padded = g.padSpace(inputs[0]!, zerosAround(attributes))
    const y = g.depthwiseConv2d(padded, parameters['kernel']!, attributes.stride, ownPadding(attributes.padding))
    return { output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y, saved: [padded] }
  },
  gradient(g, { inputs, parameters: { kernel, bias }, attributes, saved, dy, wanted }) {
    const { stride } = attributes
    const x = saved[0] ?? inputs[0]!
    const own = ownPadding(attributes.padding)
    const dx = (): Tensor => g.depthwiseConv2dInputGradient(x, kernel!, dy, stride, own)
    return {
      inputs: [wanted[0] ? g.cropSpace(dx(), zerosAround(attributes)) : null],
      parameters: {
        kernel: g.depthwiseConv2dKernelGradient(x, kernel!.shape, dy, stride, own),
        ...(bias && { bias: g.biasGradient(dy) }),
      },
    }
  },
})
