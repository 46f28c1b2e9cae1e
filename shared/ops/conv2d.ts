import { z } from 'zod'
import { defineOp, elements, image, slide } from './op'

/** Two-dimensional convolution (cross-correlation), square kernel, SAME or VALID padding as TensorFlow defines them. */
export const conv2d = defineOp({
  kind: 'conv2d',
  title: 'Convolution',
  attributes: z.strictObject({
    filters: z.number().int().min(1).max(65_536).describe('output channels'),
    size: z.number().int().min(1).max(255).default(3).describe('side of the kernel, pixels'),
    stride: z.number().int().min(1).max(64).default(1),
    padding: z.enum(['same', 'valid']).default('same'),
    bias: z.boolean().default(false),
  }),
  arity: [1, 1],
  shape([x], { filters, size, stride, padding }) {
    const { height, width } = image(x)
    return [slide(height, size, stride, padding), slide(width, size, stride, padding), filters]
  },
  parameters([x], { filters, size, bias }) {
    const { channels } = image(x)
    const fans = { fanIn: size * size * channels, fanOut: size * size * filters, layer: 'convolution' as const }
    const kernel = { name: 'kernel' as const, shape: [size, size, channels, filters], start: fans }
    return bias ? [kernel, { name: 'bias' as const, shape: [filters], start: { value: 0 } }] : [kernel]
  },
  flops: ([x], { size, bias }, output) => elements(output) * (2 * size * size * image(x).channels + (bias ? 1 : 0)),
  forward(g, { inputs, parameters, attributes: { stride, padding } }) {
    const y = g.conv2d(inputs[0]!, parameters['kernel']!, stride, padding)
    return { output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y }
  },
  gradient(g, { inputs: [x], parameters: { kernel, bias }, attributes: { stride, padding }, dy, wanted }) {
    return {
      inputs: [wanted[0] ? g.conv2dInputGradient(x!.shape, kernel!, dy, stride, padding) : null],
      parameters: {
        kernel: g.conv2dKernelGradient(x!, kernel!.shape, dy, stride, padding),
        ...(bias && { bias: g.biasGradient(dy) }),
      },
    }
  },
})
