import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, elements, image } from './op'
import { around, kernelGradient, kernelOf, makingFlops, makingOperations, orthogonalParameters } from './orthogonal-kernel'
import { unwrap, wrap } from './wrap'

const attributes = z.strictObject({
  filters: z.number().int().min(1).max(65_536).describe('output channels').meta({ grows: 'twofold' }),
  size: z.number().int().min(1).max(15).default(3).describe('side of the kernel').meta({ unit: 'pixels' }),
  stride: z.number().int().min(1).max(15).default(1).describe('step of the kernel, not above its side').meta({ unit: 'pixels' }),
  bias: z.boolean().default(false).describe('adds a learned shift to each output channel'),
})

/**
 * A convolution that is orthogonal whatever it has learned: all its singular values are 1, so that it keeps norms forward where it does not shrink its input, and
 * backward where it does not grow it. The image wraps around. Its kernel is a product of convolutions that are orthogonal (Li and others 2019, arXiv 1911.00937, algorithm 1,
 * after Xiao and others 2018): factors of two taps, P and I − P, along each side in turn, P projecting onto half of the channels; then one convolution whose
 * windows lie side by side (Boissin and others 2025, arXiv 2501.08076), which has the stride. The papers find P and that convolution's orthonormal matrix by an iteration; here they
 * are Cayley transforms, exact and with a gradient everywhere.
 */
export const orthogonalConv2d = defineOp({
  kind: 'orthogonal-conv2d',
  title: 'Orthogonal convolution',
  category: 'Convolution and dense',
  description: 'A convolution around the image’s edges whose singular values are 1 at every step of training.',
  example: { filters: 16 },
  attributes,
  arity: [1, 1],
  window: ({ size, stride }) => ({ size, stride }),
  shape([x], { filters, size, stride }) {
    const { height, width } = image(x)
    if (size < stride || size > Math.min(height, width) || height % stride || width % stride)
      throw new MisfitError('does-not-wrap', { size, stride, height, width })
    return [height / stride, width / stride, filters]
  },
  parameters: ([x], { filters, size, stride, bias }) => [
    ...orthogonalParameters(image(x).channels, { filters, size, stride }),
    ...(bias ? [{ name: 'bias', role: 'bias', shape: [filters], start: { value: 0 } } as const] : []),
  ],
  flops([x], { filters, size, stride, bias }, output) {
    const { channels } = image(x)
    return makingFlops(channels, { filters, size, stride }) + elements(output) * (2 * size * size * channels + (bias ? 1 : 0))
  },
  // Kept is x with what wraps around it; on the way back there is as much of its gradient.
  held([x], { size, stride }) {
    const { height, width, channels } = image(x)
    const more = size - stride
    const around = more === 0 ? 0 : (height + more) * (width + more) * channels
    return { kept: around, passing: around }
  },
  operations: makingOperations,
  actingKernel: {
    wraps: true,
    shape: ([x], { filters, size }) => [size, size, image(x).channels, filters],
    make: (g, parameters, shapes) => kernelOf(g, parameters, image(shapes[0]).channels).kernel,
  },
  forward(g, { inputs: [x], parameters, attributes: { size, stride } }) {
    const { kernel, saved } = kernelOf(g, parameters, x!.shape[3]!)
    const padded = wrap(g, x!, ...around(size, stride))
    const y = g.conv2d(padded, kernel, stride, 'valid')
    return { output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y, saved: [padded, kernel, ...saved] }
  },
  gradient(g, { parameters, attributes: { size, stride }, saved: [padded, kernel, ...saved], dy, wanted }) {
    const dKernel = g.conv2dKernelGradient(padded!, kernel!.shape, dy, stride, 'valid')
    return {
      inputs: [
        wanted[0] ? unwrap(g, g.conv2dInputGradient(padded!.shape, kernel!, dy, stride, 'valid'), ...around(size, stride)) : null,
      ],
      parameters: {
        ...kernelGradient(g, parameters, saved, dKernel),
        ...(parameters['bias'] && { bias: g.biasGradient(dy) }),
      },
    }
  },
})
