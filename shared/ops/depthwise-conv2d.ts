import { z } from 'zod'
import { defineOp, elements, image, slide } from './op'

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
    padding: z.enum(['same', 'valid']).default('same').describe('same: zeros around the image; valid: none'),
    bias: z.boolean().default(false).describe('adds a learned shift to each output channel'),
  }),
  arity: [1, 1],
  window: ({ size, stride }) => ({ size, stride }),
  shape([x], { multiplier, size, stride, padding }) {
    const { height, width, channels } = image(x)
    return [slide(height, size, stride, padding), slide(width, size, stride, padding), channels * multiplier]
  },
  parameters([x], { multiplier, size, bias }) {
    const { channels } = image(x)
    const start = { fanIn: size * size, fanOut: size * size * multiplier, layer: 'convolution' as const }
    const kernel = { name: 'kernel' as const, shape: [size, size, channels, multiplier], start }
    return bias ? [kernel, { name: 'bias' as const, shape: [channels * multiplier], start: { value: 0 } }] : [kernel]
  },
  flops: (_, { size, bias }, output) => elements(output) * (2 * size * size + (bias ? 1 : 0)),
  forward(g, { inputs, parameters, attributes: { stride, padding } }) {
    const y = g.depthwiseConv2d(inputs[0]!, parameters['kernel']!, stride, padding)
    return { output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y }
  },
  gradient(g, { inputs: [x], parameters: { kernel, bias }, attributes: { stride, padding }, dy, wanted }) {
    return {
      inputs: [wanted[0] ? g.depthwiseConv2dInputGradient(x!, kernel!, dy, stride, padding) : null],
      parameters: {
        kernel: g.depthwiseConv2dKernelGradient(x!, kernel!.shape, dy, stride, padding),
        ...(bias && { bias: g.biasGradient(dy) }),
      },
    }
  },
})
