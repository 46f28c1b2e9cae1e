import type { Tensor } from '../../../shared/ops/graph'
import { T } from './node-graph'
import { imaginaryPart, realPart } from './polar'
import type { TensorGraph } from './tensor-graph'

/** Sides of a frequency grid, pixels. */
export type Grid = readonly [height: number, width: number]

/** A convolution kernel's transform: one matrix a frequency. */
export interface KernelTransform {
  /** [frequencies, in, out]: complex128, or double for a 1×1 kernel. */
  readonly matrices: Tensor
  /** How many frequencies of the whole grid each matrix stands for. */
  readonly weights: readonly number[]
  /** The kernel [kh, kw, in, out], double, that has other matrices in place of these, cropped to the support. */
  back(matrices: Tensor): Tensor
}

/**
 * The frequencies of a grid that decide a real kernel's transform: F(−u, −v) is the conjugate of F(u, v), so one of each such
 * pair is enough and counts twice.
 */
export function frequencies([height, width]: Grid): { u: number; v: number; weight: 1 | 2 }[] {
  const kept: { u: number; v: number; weight: 1 | 2 }[] = []
  for (let u = 0; u < height; u++) {
    for (let v = 0; v < width; v++) {
      const self = u * width + v
      const twin = ((height - u) % height) * width + ((width - v) % width)
      if (self <= twin) kept.push({ u, v, weight: self === twin ? 1 : 2 })
    }
  }
  return kept
}

/**
 * F(u, v) = Σ w[y, x]·exp(−2πi(uy/gh + vx/gw)), a matrix [in, out] for each frequency (Sedghi, Gupta, Long 2019), in float64.
 * A k×k kernel has only k² taps, so both ways are matrix products with sines and cosines rather than FFTs.
 *
 * A kernel larger than its grid wraps: taps a grid's side apart act on the same pixel. On the way back each of n such taps gets
 * an n-th, which of all kernels with that operator is the one of least norm.
 *
 * @param kernel [kh, kw, in, out], float.
 */
export function transformKernel(g: TensorGraph, kernel: Tensor, grid: Grid): KernelTransform {
  const [kh, kw, fanIn, fanOut] = kernel.shape as [number, number, number, number]
  const taps = kh * kw
  const weights = g.reshape(g.cast(kernel, 'double'), [taps, fanIn * fanOut])
  // A 1×1 kernel is the same real matrix at all frequencies.
  if (taps === 1)
    return {
      matrices: g.reshape(weights, [1, fanIn, fanOut]),
      weights: [grid[0] * grid[1]],
      back: (matrices) => g.reshape(realPart(g, matrices), kernel.shape),
    }
  const points = frequencies(grid)
  const angles = points.flatMap(({ u, v }) =>
    Array.from({ length: taps }, (_, tap) => 2 * Math.PI * ((u * Math.floor(tap / kw)) / grid[0] + (v * (tap % kw)) / grid[1])),
  )
  const table = (f: (angle: number) => number): Tensor => g.constant(angles.map(f), [points.length, taps], 'double')
  const [cosine, sine] = [table(Math.cos), table(Math.sin)]
  const shape = [points.length, fanIn, fanOut]
  const flat = [points.length, fanIn * fanOut]
  const counts = points.map(({ weight }) => weight)
  const shares = Array.from({ length: taps }, (_, tap) => 1 / (aliases(Math.floor(tap / kw), kh, grid[0]) * aliases(tap % kw, kw, grid[1]))) // prettier-ignore
  return {
    matrices: complex(g, g.reshape(g.matmul(cosine, weights), shape), g.scale(g.reshape(g.matmul(sine, weights), shape), -1)),
    weights: counts,
    // w[tap] = 1/(gh·gw)·Σ_f Re(Q[f]·exp(i·angle)), pairs counted twice.
    back(matrices) {
      const share = g.constant(counts.map((count) => count / (grid[0] * grid[1])), [points.length, 1], 'double') // prettier-ignore
      const [real, imaginary] = [realPart(g, matrices), imaginaryPart(g, matrices)].map((x) =>
        g.multiply(g.reshape(x, flat), share),
      )
      const sum = g.subtract(g.matmul(cosine, real!, { a: true }), g.matmul(sine, imaginary!, { a: true }))
      const split = shares.every((one) => one === 1) ? sum : g.multiply(sum, g.constant(shares, [taps, 1], 'double'))
      return g.reshape(split, kernel.shape)
    },
  }
}

/** How many of a kernel's rows (or columns) fall on the same one of a grid's. */
function aliases(tap: number, size: number, side: number): number {
  return Math.ceil((size - (tap % side)) / side)
}

/** Of two doubles. */
export function complex(g: TensorGraph, real: Tensor, imaginary: Tensor): Tensor {
  return g.tensor('Complex', [real, imaginary], real.shape, { T: T('double'), Tout: T('complex128') }, 'complex128')
}
