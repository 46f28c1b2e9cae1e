import { z } from 'zod'
import { MisfitError } from './misfit'
import { defineOp, elements, image } from './op'
import { around, kernelGradient, kernelOf, makingFlops, makingOperations, orthogonalParameters } from './orthogonal-kernel'
import { unwrap, wrap } from './wrap'

/**
 * x − 2Kᵀ·ReLU(Kx + b), K an orthogonal convolution that gives no more channels than it takes: KKᵀ = I. Where a place's ReLU is open, x is reflected at the plane that its
 * filter is normal to, so that the Jacobian I − 2KᵀDK, D of zeros and ones, is orthogonal whatever K and b are: a residual layer that keeps norms in every direction.
 */
export const reflectionConv2d = defineOp({
  kind: 'reflection-conv2d',
  title: 'Reflections',
  category: 'Convolution and dense',
  description: 'x − 2Kᵀ·ReLU(Kx + b), K an orthogonal convolution: a residual layer whose Jacobian is orthogonal at every step.',
  example: { filters: 1 },
  attributes: z.strictObject({
    filters: z
      .number()
      .int()
      .min(1)
      .max(65_536)
      .describe('planes at each place, no more than its channels')
      .meta({ grows: 'twofold' }),
    size: z.number().int().min(1).max(15).default(3).describe('side of the kernel').meta({ unit: 'pixels' }),
    bias: z.boolean().default(false).describe('moves the planes from the origin by learned distances'),
  }),
  arity: [1, 1],
  window: ({ size }) => ({ size: 2 * size - 1, stride: 1 }),
  shape([x], { filters, size }) {
    const { height, width, channels } = image(x)
    if (size > Math.min(height, width)) throw new MisfitError('does-not-wrap', { size, stride: 1, height, width })
    if (filters > channels) throw new MisfitError('more-filters', { filters, channels })
    return [height, width, channels]
  },
  parameters: ([x], { filters, size, bias }) => [
    ...orthogonalParameters(image(x).channels, { filters, size, stride: 1 }),
    ...(bias ? [{ name: 'bias', role: 'bias', shape: [filters], start: { value: 0 } } as const] : []),
  ],
  flops([x], { filters, size, bias }) {
    const { height, width, channels } = image(x)
    const places = height * width
    const filtering = places * filters * (4 * size * size * channels + (bias ? 2 : 1))
    return makingFlops(channels, { filters, size, stride: 1 }) + filtering + 2 * elements(x!)
  },
  // Kept are x with what wraps around it, and which reflections are open; on the way back there is as much again of the gradients.
  held([x], { filters, size }) {
    const { height, width, channels } = image(x)
    const kept = (height + size - 1) * (width + size - 1) * channels + height * width * filters
    return { kept, passing: kept }
  },
  operations: ({ size }) => 60 + makingOperations({ size, stride: 1 }),
  actsOtherwise: true,
  innerKernel: {
    shape: ([x], { filters, size }) => [size, size, image(x).channels, filters],
    make: (g, parameters, shapes) => kernelOf(g, parameters, image(shapes[0]).channels).kernel,
  },
  keepsGradientNorm:
    'Each reflection that is open turns the gradient around: its norm goes back exactly, whatever the layer has learned.',
  forward(g, { inputs: [x], parameters, attributes: { size } }) {
    const { kernel, saved } = kernelOf(g, parameters, x!.shape[3]!)
    const padded = wrap(g, x!, ...around(size, 1))
    const seen = g.conv2d(padded, kernel, 1, 'valid')
    const open = g.relu(parameters['bias'] ? g.addBias(seen, parameters['bias']) : seen)
    const back = unwrap(g, g.conv2dInputGradient(padded.shape, kernel, open, 1, 'valid'), ...around(size, 1))
    return { output: g.subtract(x!, g.scale(back, 2)), saved: [padded, kernel, open, ...saved] }
  },
  gradient(g, { parameters, attributes: { size }, saved: [padded, kernel, open, ...saved], dy, wanted }) {
    const arriving = wrap(g, g.scale(dy, -2), ...around(size, 1))
    const dOpen = g.reluGradient(g.conv2d(arriving, kernel!, 1, 'valid'), open!)
    // K stands in it twice, before the ReLU and behind it.
    const dKernel = g.add(
      g.conv2dKernelGradient(padded!, kernel!.shape, dOpen, 1, 'valid'),
      g.conv2dKernelGradient(arriving, kernel!.shape, open!, 1, 'valid'),
    )
    const through = (): typeof dy =>
      unwrap(g, g.conv2dInputGradient(padded!.shape, kernel!, dOpen, 1, 'valid'), ...around(size, 1))
    return {
      inputs: [wanted[0] ? g.add(dy, through()) : null],
      parameters: {
        ...kernelGradient(g, parameters, saved, dKernel),
        ...(parameters['bias'] && { bias: g.biasGradient(dOpen) }),
      },
    }
  },
})
