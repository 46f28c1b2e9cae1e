import type { Tensor } from '../../../shared/ops/graph'
import { type Attribute, DATA_TYPE } from './node'
import type { TensorGraph } from './tensor-graph'

/** Singular values below this share of the largest count as zero: their directions are dropped from the polar factor. */
const RANK_TOLERANCE = 1e-12

const COMPLEX: Record<string, Attribute> = { T: { type: DATA_TYPE.complex128 } }

/**
 * The frequencies of a gh×gw grid that decide a real kernel's transform: F(−u, −v) is the conjugate of F(u, v), so one of
 * each such pair is enough and counts twice.
 */
function frequencies(height: number, width: number): { u: number; v: number; weight: 1 | 2 }[] {
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

export type ProjectionMethod = 'svd' | 'newton-schulz'

/**
 * The Procrustes step (arXiv 1805.07477v5, section 5): the convolution with the nearest operator whose singular values are all
 * equal to sqrt(out/in). At each frequency of the grid the kernel's transform is one matrix [in, out], replaced by its polar
 * factor; the way back is cropped to the kernel's support, which is exact for 1×1 kernels only.
 *
 * A k×k kernel has only k² taps, so both transforms are matrix products with sines and cosines rather than FFTs.
 * Computed in float64: a rank-deficient kernel's zero singular values drown in float32's rounding.
 *
 * @param kernel [kh, kw, in, out], float.
 * @param grid Sides of the frequency grid: of the layer's output, pixels.
 */
export function projectKernel(
  g: TensorGraph,
  kernel: Tensor,
  grid: readonly [height: number, width: number],
  method: ProjectionMethod,
): Tensor {
  const [kh, kw, fanIn, fanOut] = kernel.shape as [number, number, number, number]
  const scale = Math.sqrt(fanOut / fanIn)
  const weights = g.reshape(g.cast(kernel, 'double'), [kh * kw, fanIn * fanOut])
  // A 1×1 kernel is the same matrix at all frequencies, and that matrix is real.
  const points = kh * kw === 1 ? [{ u: 0, v: 0, weight: 1 as const }] : frequencies(grid[0], grid[1])
  const share = kh * kw === 1 ? 1 : 1 / (grid[0] * grid[1])
  const angles = points.flatMap(({ u, v }) =>
    Array.from(
      { length: kh * kw },
      (_, tap) => 2 * Math.PI * ((u * Math.floor(tap / kw)) / grid[0] + (v * (tap % kw)) / grid[1]),
    ),
  )
  const table = (f: (angle: number) => number): Tensor => g.constant(angles.map(f), [points.length, kh * kw], 'double')
  const cosine = table(Math.cos)
  const sine = table(Math.sin)
  const matrices = [points.length, fanIn, fanOut]
  // F[f] = Σ_tap w[tap]·exp(−i·angle)
  const transform = complex(
    g,
    g.reshape(g.matmul(cosine, weights), matrices),
    g.scale(g.reshape(g.matmul(sine, weights), matrices), -1),
  )
  const polar = method === 'svd' ? polarFactor(g, transform) : newtonSchulzPolar(g, transform)
  // w[tap] = scale/(gh·gw)·Σ_f Re(Q[f]·exp(i·angle)), pairs counted twice.
  const flat = [points.length, fanIn * fanOut]
  const weighted = (part: 'Real' | 'Imag'): Tensor => {
    const values = g.reshape(g.tensor(part, [polar], matrices, { ...COMPLEX, Tout: { type: DATA_TYPE.double } }, 'double'), flat)
    return g.multiply(values, g.constant(points.map(({ weight }) => weight * share * scale), [points.length, 1], 'double')) // prettier-ignore
  }
  const back = g.subtract(g.matmul(cosine, weighted('Real'), { a: true }), g.matmul(sine, weighted('Imag'), { a: true }))
  return g.cast(g.reshape(back, kernel.shape), 'float')
}

/**
 * Zero-phase whitening of a dense kernel, W(WᵀW)^(−1/2): the nearest matrix with orthonormal columns (rows, if wide).
 * A kernel that holds something not finite is left as it is, as the paper's first version does where the SVD fails.
 *
 * @param kernel [in, out], float.
 */
export function whitenKernel(g: TensorGraph, kernel: Tensor): Tensor {
  const [rows, columns] = kernel.shape as [number, number]
  const whitened = g.reshape(
    g.cast(polarFactor(g, g.reshape(g.cast(kernel, 'double'), [1, rows, columns])), 'float'),
    kernel.shape,
  )
  const finite = g.tensor('IsFinite', [whitened], kernel.shape, { T: { type: DATA_TYPE.float } }, 'bool')
  return g.tensor('SelectV2', [finite, whitened, kernel], kernel.shape, { T: { type: DATA_TYPE.float } })
}

function complex(g: TensorGraph, real: Tensor, imaginary: Tensor): Tensor {
  const attributes = { T: { type: DATA_TYPE.double }, Tout: { type: DATA_TYPE.complex128 } }
  return g.tensor('Complex', [real, imaginary], real.shape, attributes, 'complex128')
}

function batchMatmul(g: TensorGraph, a: Tensor, b: Tensor, adjoint: { a?: boolean; b?: boolean } = {}): Tensor {
  const [n, rows, inner] = a.shape as [number, number, number]
  const [, p, q] = b.shape as [number, number, number]
  const shape = [n, adjoint.a ? inner : rows, adjoint.b ? p : q]
  return g.tensor(
    'BatchMatMulV2',
    [a, b],
    shape,
    { T: { type: DATA_TYPE[a.dtype] }, adj_x: { b: adjoint.a ?? false }, adj_y: { b: adjoint.b ?? false } },
    a.dtype,
  )
}

/** UVᴴ of each [rows, columns] matrix = UΣVᴴ, without the directions that a matrix lacks. */
function polarFactor(g: TensorGraph, matrices: Tensor): Tensor {
  const [n, rows, columns] = matrices.shape as [number, number, number]
  const rank = Math.min(rows, columns)
  const T: Attribute = { type: DATA_TYPE[matrices.dtype] }
  const values = g.tensor('Svd', [matrices], [n, rank], { T, compute_uv: { b: true }, full_matrices: { b: false } }, 'double')
  const u: Tensor = { id: `${values.id}:1`, shape: [n, rows, rank], dtype: matrices.dtype }
  const v: Tensor = { id: `${values.id}:2`, shape: [n, columns, rank], dtype: matrices.dtype }
  // Singular values come in any precision as reals: real(Σ) for a complex input.
  const real =
    matrices.dtype === 'complex128'
      ? g.tensor(
          'Real',
          [{ ...values, dtype: 'complex128' }],
          [n, rank],
          { ...COMPLEX, Tout: { type: DATA_TYPE.double } },
          'double',
        )
      : values
  const largest = g.tensor(
    'Max',
    [real, g.integers([1])],
    [n, 1],
    { T: { type: DATA_TYPE.double }, Tidx: { type: DATA_TYPE.int32 }, keep_dims: { b: true } },
    'double',
  )
  const keep = g.tensor('Greater', [real, g.scale(largest, RANK_TOLERANCE)], [n, rank], { T: { type: DATA_TYPE.double } }, 'bool')
  const mask = g.reshape(g.cast(keep, matrices.dtype), [n, 1, rank])
  return batchMatmul(g, g.multiply(u, mask), v, { b: true })
}

/**
 * K(KᴴK)^(−1/2) by the coupled Newton–Schulz iteration, ten steps, for each matrix K: no SVD, but near a small singular value
 * it stays below 1. KᴴK is divided by its Frobenius norm (as a real matrix of twice the size) where that is over 1.
 */
function newtonSchulzPolar(g: TensorGraph, matrices: Tensor, iterations = 10): Tensor {
  const [n, , columns] = matrices.shape as [number, number, number]
  const gram = batchMatmul(g, matrices, matrices, { a: true })
  const part = (name: 'Real' | 'Imag'): Tensor =>
    g.square(g.tensor(name, [gram], gram.shape, { ...COMPLEX, Tout: { type: DATA_TYPE.double } }, 'double'))
  const norm = g.squareRoot(g.scale(g.sumOver(g.add(part('Real'), part('Imag')), [1, 2]), 2))
  const divisor = g.reshape(
    g.tensor('Maximum', [norm, g.constant(1, [], 'double')], [n], { T: { type: DATA_TYPE.double } }, 'double'),
    [n, 1, 1],
  )
  const identity = Array.from({ length: columns * columns }, (_, i) => (i % (columns + 1) === 0 ? 1 : 0))
  const eye = g.cast(g.constant(identity, [1, columns, columns], 'double'), 'complex128')
  const number = (value: number): Tensor => g.cast(g.constant(value, [], 'double'), 'complex128')
  let y = g.divide(gram, g.cast(divisor, 'complex128'))
  let z = eye
  for (let step = 0; step < iterations; step++) {
    const product = step === 0 ? y : batchMatmul(g, z, y)
    const t = g.multiply(number(0.5), g.subtract(g.multiply(number(3), eye), product))
    z = step === 0 ? t : batchMatmul(g, t, z)
    y = batchMatmul(g, y, t)
  }
  return g.divide(batchMatmul(g, matrices, z), g.cast(g.squareRoot(divisor), 'complex128'))
}
