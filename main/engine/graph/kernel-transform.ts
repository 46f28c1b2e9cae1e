import type { Tensor } from '../../../shared/ops/graph'
import { T } from './node-graph'
import { imaginaryPart, realPart } from './polar'
import type { TensorGraph } from './tensor-graph'

/** Sides of a frequency grid, pixels. */
export type Grid = readonly [height: number, width: number]

/** What a convolution's taps join beside neighbouring pixels of all channels. */
export interface Taps {
  /** Groups of channels that do not see each other (1). */
  readonly groups?: number
  /** Pixels from one tap to the next (1). */
  readonly dilation?: number
}

/** A convolution kernel's transform: one matrix a frequency and group. */
export interface KernelTransform {
  /** [frequencies · groups, in / groups, out / groups]: complex128, or double for a 1×1 kernel. */
  readonly matrices: Tensor
  /** How many frequencies of the whole grid each matrix stands for. */
  readonly weights: readonly number[]
  /** The kernel [kh, kw, in / groups, out], double, that has other matrices in place of these, cropped to the support. */
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

/** From [taps, in, groups, out] to [taps, groups, in, out], and back. */
const GROUPS_APART = [0, 2, 1, 3]

/**
 * F(u, v) = Σ w[y, x]·exp(−2πi·d(uy/gh + vx/gw)), a matrix [in, out] for each frequency (Sedghi, Gupta, Long 2019) and group, with taps d pixels
 * apart, in float64. A k×k kernel has only k² taps, so both ways are matrix products with sines and cosines rather than FFTs.
 *
 * A kernel larger than its grid wraps: taps a grid's side apart act on the same pixel. On the way back each of n such taps gets
 * an n-th, which of all kernels with that operator is the one of least norm.
 *
 * @param kernel [kh, kw, in / groups, out], float; a depthwise one as [kh, kw, 1, out].
 */
export function transformKernel(
  g: TensorGraph,
  kernel: Tensor,
  grid: Grid,
  { groups = 1, dilation = 1 }: Taps = {},
): KernelTransform {
  const [kh, kw, fanIn, fanOut] = kernel.shape as [number, number, number, number]
  const taps = kh * kw
  const each = fanOut / groups
  const cut = (x: Tensor): Tensor => (groups === 1 ? x : g.transpose(g.reshape(x, [taps, fanIn, groups, each]), GROUPS_APART))
  const joined = (x: Tensor): Tensor =>
    g.reshape(groups === 1 ? x : g.transpose(g.reshape(x, [taps, groups, fanIn, each]), GROUPS_APART), kernel.shape)
  const flatWidth = fanIn * fanOut
  const weights = g.reshape(cut(g.cast(kernel, 'double')), [taps, flatWidth])
  // A 1×1 kernel is the same real matrix at all frequencies.
  if (taps === 1)
    return {
      matrices: g.reshape(weights, [groups, fanIn, each]),
      weights: new Array<number>(groups).fill(grid[0] * grid[1]),
      back: (matrices) => joined(realPart(g, matrices)),
    }
  const points = frequencies(grid)
  const place = (tap: number): [y: number, x: number] => [dilation * Math.floor(tap / kw), dilation * (tap % kw)]
  const angles = points.flatMap(({ u, v }) =>
    Array.from({ length: taps }, (_, tap) => {
      const [y, x] = place(tap)
      return 2 * Math.PI * ((u * y) / grid[0] + (v * x) / grid[1])
    }),
  )
  const table = (f: (angle: number) => number): Tensor => g.constant(angles.map(f), [points.length, taps], 'double')
  const [cosine, sine] = [table(Math.cos), table(Math.sin)]
  const shape = [points.length * groups, fanIn, each]
  const flat = [points.length, flatWidth]
  const counts = points.map(({ weight }) => weight)
  const shares = Array.from({ length: taps }, (_, tap) => {
    const [y, x] = place(tap)
    return 1 / (aliases(y, kh, dilation, grid[0]) * aliases(x, kw, dilation, grid[1]))
  })
  return {
    matrices: complex(g, g.reshape(g.matmul(cosine, weights), shape), g.scale(g.reshape(g.matmul(sine, weights), shape), -1)),
    weights: counts.flatMap((count) => new Array<number>(groups).fill(count)),
    // w[tap] = 1/(gh·gw)·Σ_f Re(Q[f]·exp(i·angle)), pairs counted twice.
    back(matrices) {
      const share = g.constant(counts.map((count) => count / (grid[0] * grid[1])), [points.length, 1], 'double') // prettier-ignore
      const [real, imaginary] = [realPart(g, matrices), imaginaryPart(g, matrices)].map((x) =>
        g.multiply(g.reshape(x, flat), share),
      )
      const sum = g.subtract(g.matmul(cosine, real!, { a: true }), g.matmul(sine, imaginary!, { a: true }))
      const split = shares.every((one) => one === 1) ? sum : g.multiply(sum, g.constant(shares, [taps, 1], 'double'))
      return joined(split)
    },
  }
}

/** How many of a kernel's rows (or columns) fall on the same one of a grid's as that at a place. */
function aliases(place: number, size: number, dilation: number, side: number): number {
  return Array.from({ length: size }, (_, i) => i * dilation).filter((other) => (other - place) % side === 0).length
}

/** Of two doubles. */
export function complex(g: TensorGraph, real: Tensor, imaginary: Tensor): Tensor {
  return g.tensor('Complex', [real, imaginary], real.shape, { T: T('double'), Tout: T('complex128') }, 'complex128')
}
