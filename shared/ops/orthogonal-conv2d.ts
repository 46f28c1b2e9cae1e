import { z } from 'zod'
import { orthonormal, orthonormalGradient } from './cayley'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { defineOp, elements, image } from './op'
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
  parameters([x], { filters, size, stride, bias }) {
    const channels = innerChannels(image(x).channels, filters, stride)
    const drawn = { fanOut: filters, layer: 'convolution' as const }
    const start = { ...drawn, fanIn: stride * stride * channels }
    const count = 2 * (size - stride)
    const factors = {
      ...({ name: 'factors', role: 'factor', shape: [count, channels, halfOf(channels)] } as const),
      start: { ...drawn, fanIn: channels },
    }
    return [
      { name: 'kernel', role: 'kernel', shape: [stride, stride, channels, filters], start },
      ...(count > 0 ? [factors] : []),
      ...(bias ? [{ name: 'bias', role: 'bias', shape: [filters], start: { value: 0 } } as const] : []),
    ]
  },
  flops([x], { filters, size, stride, bias }, output) {
    const { channels } = image(x)
    const inner = innerChannels(channels, filters, stride)
    const making = 8 * (size - stride) * inner * halfOf(inner) * size * size * filters
    return making + elements(output) * (2 * size * size * channels + (bias ? 1 : 0))
  },
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

/**
 * Channels on which the factors of two taps work: those that enter; where more leave than a window of the last convolution has values, so many that
 * it has as many, of which those that enter are the first. Where they are no whole number the last convolution widens them, by orthonormal rows.
 */
function innerChannels(channels: number, filters: number, stride: number): number {
  const wanted = filters / (stride * stride)
  return Number.isInteger(wanted) ? Math.max(channels, wanted) : channels
}

const halfOf = (channels: number): number => Math.max(1, Math.floor(channels / 2))

/** Pixels of the other edge before and behind, as TensorFlow's SAME has zeros. */
function around(size: number, stride: number): [before: number, behind: number] {
  const before = Math.floor((size - stride) / 2)
  return [before, size - stride - before]
}

type Parameters = Readonly<Record<string, Tensor>>

/** Whether a factor joins rows or columns: those of one block are one of each. */
const axisOf = (factor: number): 1 | 2 => (factor % 2 === 0 ? 1 : 2)

/** The last convolution as a matrix, a row a place of its window and channel. */
const asMatrix = (g: Graph, kernel: Tensor): Tensor =>
  g.reshape(kernel, [1, kernel.shape[0]! * kernel.shape[1]! * kernel.shape[2]!, kernel.shape[3]!])

/** The kernel [size, size, channels, filters], and what the way back takes. Within, kernels are [in, kh, kw, out]: a factor is a product from the left. */
function kernelOf(g: Graph, { kernel: last, factors }: Parameters, channels: number): { kernel: Tensor; saved: Tensor[] } {
  const end = orthonormal(g, asMatrix(g, last!))
  let kernel = g.transpose(g.reshape(end.matrices, last!.shape), [2, 0, 1, 3])
  const saved: Tensor[] = [end.inverse]
  if (factors) {
    const made = orthonormal(g, factors)
    saved.push(made.inverse, made.matrices)
    for (let i = factors.shape[0]! - 1; i >= 0; i--) {
      const basis = oneOf(g, made.matrices, i)
      const rows = asRows(g, kernel)
      const within = g.matmul(basis, rows, { a: true })
      const kept = g.reshape(g.matmul(basis, within), kernel.shape)
      saved.push(rows, within)
      // P at the first tap, I − P at the second.
      kernel = g.add(g.padAlong(kept, axisOf(i), 0, 1), g.padAlong(g.subtract(kernel, kept), axisOf(i), 1, 0))
    }
  }
  const own = kernel.shape[0] === channels ? kernel : g.sliceAlong(kernel, 0, 0, channels)
  return { kernel: g.transpose(own, [1, 2, 0, 3]), saved }
}

/** dE/d(parameters) from dE/d(kernel). */
function kernelGradient(
  g: Graph,
  { kernel: last, factors }: Parameters,
  [endInverse, inverse, matrices, ...products]: readonly Tensor[],
  arriving: Tensor,
): Record<string, Tensor> {
  const inner = last!.shape[2]!
  let d = g.padAlong(g.transpose(arriving, [2, 0, 1, 3]), 0, 0, inner - arriving.shape[2]!)
  const dBases: Tensor[] = []
  const count = factors?.shape[0] ?? 0
  for (let i = 0; i < count; i++) {
    const [rows, within] = products.slice(2 * (count - 1 - i)) as [Tensor, Tensor]
    const basis = oneOf(g, matrices!, i)
    const axis = axisOf(i)
    const side = d.shape[axis]! - 1
    const [first, second] = [g.sliceAlong(d, axis, 0, side), g.sliceAlong(d, axis, 1, side)]
    const along = asRows(g, g.subtract(first, second))
    const back = g.matmul(basis, along, { a: true })
    // P = V·Vᵀ, so dV = (dP + dPᵀ)·V.
    dBases.push(g.reshape(g.add(g.matmul(along, within, { b: true }), g.matmul(rows, back, { b: true })), [1, ...basis.shape]))
    d = g.add(second, g.reshape(g.matmul(basis, back), second.shape))
  }
  const dEnd = asMatrix(g, g.transpose(d, [1, 2, 0, 3]))
  const kernel = g.reshape(orthonormalGradient(g, asMatrix(g, last!), { inverse: endInverse! }, dEnd), last!.shape)
  if (!factors) return { kernel }
  return { kernel, factors: orthonormalGradient(g, factors, { inverse: inverse! }, g.joinAlong(dBases, 0)) }
}

const oneOf = (g: Graph, stack: Tensor, i: number): Tensor => g.reshape(g.sliceAlong(stack, 0, i, 1), stack.shape.slice(1))
const asRows = (g: Graph, kernel: Tensor): Tensor =>
  g.reshape(kernel, [kernel.shape[0]!, kernel.shape[1]! * kernel.shape[2]! * kernel.shape[3]!])
