import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { defineOp, elements, image, startFactor } from './op'
import { convolutionPadding, explicitZeros, ownPadding, reach, slidSide, zerosAround } from './padding'

/**
 * Two-dimensional convolution (cross-correlation), square kernel. With groups
 * (Krizhevsky et al. 2012, Xie et al. 2017) the channels and filters are cut into as many equal parts that do not see one another. With
 * dilation (Yu and Koltun 2016) its taps lie so many pixels apart.
 */
export const conv2d = defineOp({
  kind: 'conv2d',
  title: 'Convolution',
  category: 'Convolution and dense',
  description: 'Two-dimensional convolution with a square kernel, in groups where asked.',
  example: { filters: 16 },
  attributes: z.strictObject({
    filters: z.number().int().min(1).max(65_536).describe('output channels').meta({ grows: 'twofold' }),
    size: z.number().int().min(1).max(255).default(3).describe('side of the kernel').meta({ unit: 'pixels' }),
    stride: z.number().int().min(1).max(64).default(1).describe('step of the kernel').meta({ unit: 'pixels' }),
    dilation: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe('from one tap of the kernel to the next')
      .meta({ unit: 'pixels' }),
    padding: convolutionPadding,
    zeros: explicitZeros,
    groups: z.number().int().min(1).max(65_536).default(1).describe('parts of the channels that are convolved apart'),
    bias: z.boolean().default(false).describe('adds a learned shift to each output channel'),
    start: startFactor,
  }),
  arity: [1, 1],
  window: ({ stride, ...kernel }) => ({ size: reach(kernel), stride }),
  shape([x], { filters, groups, ...sliding }) {
    const { height, width, channels } = image(x)
    if (channels % groups || filters % groups) throw new MisfitError('groups-do-not-divide', { groups, channels, filters })
    return [slidSide(height, sliding), slidSide(width, sliding), filters]
  },
  parameters([x], { filters, size, bias, groups, start }) {
    const channels = image(x).channels / groups
    // The fans of one group: what one output sees, and what sees one input.
    const fans = {
      fanIn: size * size * channels,
      fanOut: (size * size * filters) / groups,
      layer: 'convolution' as const,
      factor: start,
    }
    const kernel = { name: 'kernel' as const, role: 'kernel' as const, shape: [size, size, channels, filters], start: fans }
    return bias ? [kernel, { name: 'bias' as const, role: 'bias' as const, shape: [filters], start: { value: 0 } }] : [kernel]
  },
  flops: ([x], { size, bias, groups }, output) =>
    elements(output) * ((2 * size * size * image(x).channels) / groups + (bias ? 1 : 0)),
  // Each group is cut out, convolved and joined again by itself: forth, back, and for its kernel.
  operations: ({ groups }) => 13 * groups,
  forward(g, { inputs, parameters, attributes }) {
    const { stride, dilation, padding, groups } = attributes
    const kernel = parameters['kernel']!
    const padded = g.padSpace(inputs[0]!, zerosAround(attributes))
    const y = inGroups(g, groups, padded, kernel, (x, k) => g.conv2d(x, k, stride, ownPadding(padding), dilation))
    return { output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y, saved: [padded] }
  },
  gradient(g, { parameters: { kernel, bias }, attributes, inputs, saved, dy, wanted }) {
    const { stride, dilation, padding, groups } = attributes
    const x = saved[0] ?? inputs[0]
    const sides = ownPadding(padding)
    const [channels, filters] = [kernel!.shape[2]!, kernel!.shape[3]! / groups]
    const inputShape = [...x!.shape.slice(0, 3), channels]
    const kernelShape = [...kernel!.shape.slice(0, 3), filters]
    return {
      inputs: [
        wanted[0]
          ? g.cropSpace(
              inGroups(g, groups, dy, kernel!, (d, k) => g.conv2dInputGradient(inputShape, k, d, stride, sides, dilation)),
              zerosAround(attributes),
            )
          : null,
      ],
      parameters: {
        kernel: inGroups(g, groups, x!, dy, (part, d) => g.conv2dKernelGradient(part, kernelShape, d, stride, sides, dilation)),
        ...(bias && { bias: g.biasGradient(dy) }),
      },
    }
  },
})

/** Joins what equal parts of the last axes of two tensors give, part by part. */
function inGroups(g: Graph, groups: number, a: Tensor, b: Tensor, make: (a: Tensor, b: Tensor) => Tensor): Tensor {
  if (groups === 1) return make(a, b)
  const part = (tensor: Tensor, i: number): Tensor => {
    const count = tensor.shape[3]! / groups
    return g.sliceChannels(tensor, i * count, count)
  }
  return g.concatenateChannels(Array.from({ length: groups }, (_, i) => make(part(a, i), part(b, i))))
}
