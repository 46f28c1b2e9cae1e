import { z } from 'zod'
import { eye } from './eye'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'
import { defineOp, elements, image } from './op'

/**
 * The exponential of a skew-symmetric convolution (Singla and Feizi 2021, arXiv 2105.11417): exp(J)x = x + Jx + J²x/2! + …, J = −Jᵀ a convolution with zeros around, so that exp(J) is
 * orthogonal. J's kernel is the learned one minus its own turned by half a turn with its channels exchanged, divided by a bound of J's norm, so that what the series
 * leaves out has a norm below 1/(terms + 1)!·(1 + 1/terms). The bound is √(taps) times one of the kernel as a matrix (Singla and Feizi 2021, arXiv 1911.10258, theorem 1: a row a
 * row of taps and channel), here its Schatten norm of order 16 in place of the largest singular value that the authors iterate for.
 */
export const skewConv2d = defineOp({
  kind: 'skew-conv2d',
  title: 'Skew orthogonal convolution',
  category: 'Convolution and dense',
  description: 'The exponential of a skew convolution, a series of convolutions whose sum keeps norms.',
  example: { filters: 16 },
  attributes: z.strictObject({
    filters: z.number().int().min(1).max(65_536).describe('output channels').meta({ grows: 'twofold' }),
    size: z.number().int().min(1).max(15).default(3).describe('side of the kernel, odd').meta({ unit: 'pixels' }),
    terms: z.number().int().min(1).max(30).default(8).describe('convolutions of the series; 8 keep singular values to 1e-5'),
    bias: z.boolean().default(false).describe('adds a learned shift to each output channel'),
  }),
  arity: [1, 1],
  window: ({ size, terms }) => ({ size: terms * (size - 1) + 1, stride: 1 }),
  shape([x], { filters, size }) {
    const { height, width } = image(x)
    if (size % 2 === 0) throw new MisfitError('even-kernel', { size })
    return [height, width, filters]
  },
  parameters([x], { filters, size, bias }) {
    const inner = Math.max(image(x).channels, filters)
    const fan = size * size * inner
    const start = { fanIn: fan, fanOut: fan, layer: 'convolution' as const }
    return [
      { name: 'kernel', role: 'kernel', shape: [size, size, inner, inner], start },
      ...(bias ? [{ name: 'bias', role: 'bias', shape: [filters], start: { value: 0 } } as const] : []),
    ]
  },
  flops([x], { filters, size, terms }, output) {
    const inner = Math.max(image(x).channels, filters)
    return (elements(output) / filters) * inner * (2 * size * size * inner + 1) * terms
  },
  // Kept is each term but the last, of which the first is x itself unless channels are added; on the way back there are what arrives at a term and what leaves it.
  held([x], { filters, terms }) {
    const { height, width, channels } = image(x)
    const inner = Math.max(channels, filters)
    const term = height * width * inner
    return { kept: term * (channels === inner ? terms - 1 : terms), passing: term * (filters === inner ? 2 : 3) }
  },
  operations: ({ terms }) => 80 + 10 * terms,
  // Around the edges what it does to one pixel is what it does to each; with its zeros there it is the same series of another J, and no convolution.
  actingKernel: {
    wraps: true,
    shape: ([x], { filters, size, terms }) => [terms * (size - 1) + 1, terms * (size - 1) + 1, image(x).channels, filters],
    make(g, parameters, [x], { filters, size, terms }) {
      const { channels } = image(x)
      const reach = (terms * (size - 1)) / 2
      const pixel = g.reshape(eye(g, channels), [channels, 1, 1, channels])
      const points = [1, 2].reduce((image, axis) => g.padAlong(image, axis, reach, reach), pixel)
      const made = summed(g, series(g, points, skewKernel(g, parameters['kernel']!).kernel, terms), filters)
      return g.transpose(g.reverse(made, [1, 2]), [1, 2, 0, 3])
    },
  },
  // J's, on all the channels that its series has.
  innerKernel: {
    shape: ([x], { filters, size }) => [size, size, Math.max(image(x).channels, filters), Math.max(image(x).channels, filters)],
    make: (g, parameters) => skewKernel(g, parameters['kernel']!).kernel,
  },
  forward(g, { inputs: [x], parameters, attributes: { filters, terms } }) {
    const { kernel, saved } = skewKernel(g, parameters['kernel']!)
    const powers = series(g, x!, kernel, terms)
    const y = summed(g, powers, filters)
    return {
      output: parameters['bias'] ? g.addBias(y, parameters['bias']) : y,
      saved: [kernel, ...powers.slice(0, -1), ...saved],
    }
  },
  gradient(g, { inputs: [x], parameters, attributes: { filters, terms }, saved, dy }) {
    const learned = parameters['kernel']!
    const inner = learned.shape[2]!
    const [kernel, ...rest] = saved as [Tensor, ...Tensor[]]
    const arriving = g.padAlong(dy, 3, 0, inner - filters)
    let back = arriving
    const parts: Tensor[] = []
    for (let n = terms; n >= 1; n--) {
      const part = g.scale(kernel, 1 / n)
      parts.push(g.scale(g.conv2dKernelGradient(rest[n - 1]!, kernel.shape, back, 1, 'same'), 1 / n))
      back = g.sum([arriving, g.conv2dInputGradient(arriving.shape, part, back, 1, 'same')])
    }
    const channels = x!.shape[3]!
    return {
      inputs: [channels === inner ? back : g.sliceAlong(back, 3, 0, channels)],
      parameters: {
        kernel: skewKernelGradient(g, rest.slice(terms), g.sum(parts)),
        ...(parameters['bias'] && { bias: g.biasGradient(dy) }),
      },
    }
  },
})

/** x, Jx, J²x/2!, …, with zeros in the channels that x lacks. */
function series(g: Graph, x: Tensor, kernel: Tensor, terms: number): Tensor[] {
  const powers = [g.padAlong(x, 3, 0, kernel.shape[2]! - x.shape[3]!)]
  for (let n = 1; n <= terms; n++) powers.push(g.conv2d(powers[n - 1]!, g.scale(kernel, 1 / n), 1, 'same'))
  return powers
}

function summed(g: Graph, powers: readonly Tensor[], filters: number): Tensor {
  const whole = g.sum(powers)
  return filters === whole.shape[3] ? whole : g.sliceAlong(whole, 3, 0, filters)
}

/** Turned by half a turn, its channels exchanged: the kernel of the transposed convolution. */
const transposed = (g: Graph, kernel: Tensor): Tensor => g.transpose(g.reverse(kernel, [0, 1]), [0, 1, 3, 2])
const skewPart = (g: Graph, kernel: Tensor): Tensor => g.subtract(kernel, transposed(g, kernel))

/** [kh, kw, in, out] as a matrix [kh·in, kw·out], and back. */
const asMatrix = (g: Graph, kernel: Tensor): Tensor => {
  const [kh, kw, channels, filters] = kernel.shape as [number, number, number, number]
  return g.reshape(g.transpose(kernel, [0, 2, 1, 3]), [kh * channels, kw * filters])
}
const asKernel = (g: Graph, matrix: Tensor, [kh, kw, channels, filters]: readonly number[]): Tensor =>
  g.transpose(g.reshape(matrix, [kh!, channels!, kw!, filters!]), [0, 2, 1, 3])

const BOTH = [0, 1]

/** M/(size·‖M‖), M the skew part as a matrix, ‖·‖ the Schatten norm of order 16: tr((MᵀM)⁸)^(1/16). */
function skewKernel(g: Graph, learned: Tensor): { kernel: Tensor; saved: Tensor[] } {
  const matrix = asMatrix(g, skewPart(g, learned))
  // The sixteenth power of its entries might be no number any more; of those over the Frobenius norm it is.
  const frobenius = g.squareRoot(g.sumOver(g.square(matrix), BOTH))
  const unit = g.divideNoNan(matrix, frobenius)
  const gram = g.matmul(unit, unit, { a: true })
  const second = g.matmul(gram, gram)
  const fourth = g.matmul(second, second)
  const trace = g.sumOver(g.square(fourth), BOTH)
  const norm = g.squareRoot(g.squareRoot(g.squareRoot(g.squareRoot(trace))))
  const bound = g.scale(g.multiply(frobenius, norm), learned.shape[0]!)
  const made = g.divideNoNan(matrix, bound)
  // d‖M‖/dM = M(MᵀM)⁷·‖M‖/tr((MᵀM)⁸), which does not change with M's size.
  const slope = g.multiply(g.matmul(unit, g.matmul(g.matmul(gram, second), fourth)), g.divideNoNan(norm, trace))
  return { kernel: asKernel(g, made, learned.shape), saved: [made, bound, slope] }
}

/** dE/d(learned) from dE/d(kernel). */
function skewKernelGradient(g: Graph, [made, bound, slope]: readonly Tensor[], arriving: Tensor): Tensor {
  const d = asMatrix(g, arriving)
  // The bound is size·‖M‖, and its size is the kernel's.
  const along = g.scale(g.sumOver(g.multiply(d, made!), BOTH), arriving.shape[0]!)
  const dMatrix = g.divideNoNan(g.subtract(d, g.multiply(slope!, along)), bound!)
  return skewPart(g, asKernel(g, dMatrix, arriving.shape))
}
