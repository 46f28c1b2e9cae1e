import { orthonormal, orthonormalGradient } from './cayley'
import type { Graph, Tensor } from './graph'
import type { ParameterSpec } from './op'

/**
 * Channels on which the factors of two taps work: those that enter; where more leave than a window of the last convolution has values, so many that
 * it has as many, of which those that enter are the first. Where they are no whole number the last convolution widens them, by orthonormal rows.
 */
function innerChannels(channels: number, filters: number, stride: number): number {
  const wanted = filters / (stride * stride)
  return Number.isInteger(wanted) ? Math.max(channels, wanted) : channels
}

const halfOf = (channels: number): number => Math.max(1, Math.floor(channels / 2))

/** What a kernel [size, size, channels, filters] is made of. */
export function orthogonalParameters(
  channels: number,
  { filters, size, stride }: { readonly filters: number; readonly size: number; readonly stride: number },
): readonly ParameterSpec[] {
  const inner = innerChannels(channels, filters, stride)
  const drawn = { fanOut: filters, layer: 'convolution' as const }
  const count = 2 * (size - stride)
  return [
    {
      ...({ name: 'kernel', role: 'kernel', shape: [stride, stride, inner, filters] } as const),
      start: { ...drawn, fanIn: stride * stride * inner },
    },
    ...(count > 0
      ? [
          {
            ...({ name: 'factors', role: 'factor', shape: [count, inner, halfOf(inner)] } as const),
            start: { ...drawn, fanIn: inner },
          },
        ]
      : []),
  ]
}

/** Operations that make it of them. */
export function makingFlops(
  channels: number,
  { filters, size, stride }: { readonly filters: number; readonly size: number; readonly stride: number },
): number {
  const inner = innerChannels(channels, filters, stride)
  return 8 * (size - stride) * inner * halfOf(inner) * size * size * filters
}

/** Pixels of the other edge before and behind, as TensorFlow's SAME has zeros. */
export function around(size: number, stride: number): [before: number, behind: number] {
  const before = Math.floor((size - stride) / 2)
  return [before, size - stride - before]
}

/** Operations of a graph that make it, and their way back. */
export function makingOperations({ size, stride }: { readonly size: number; readonly stride: number }): number {
  return 190 + 70 * (size - stride)
}

type Parameters = Readonly<Record<string, Tensor>>

/** Whether a factor joins rows or columns: those of one block are one of each. */
const axisOf = (factor: number): 1 | 2 => (factor % 2 === 0 ? 1 : 2)

/** The last convolution as a matrix, a row a place of its window and channel. */
const asMatrix = (g: Graph, kernel: Tensor): Tensor =>
  g.reshape(kernel, [1, kernel.shape[0]! * kernel.shape[1]! * kernel.shape[2]!, kernel.shape[3]!])

/** The kernel [size, size, channels, filters], and what the way back takes. Within, kernels are [in, kh, kw, out]: a factor is a product from the left. */
export function kernelOf(g: Graph, { kernel: last, factors }: Parameters, channels: number): { kernel: Tensor; saved: Tensor[] } {
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
export function kernelGradient(
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
