import type { Tensor } from '../../../shared/ops/graph'
import { T, T_INT32 } from './node-graph'
import type { TensorGraph } from './tensor-graph'

/** Singular values below this share of the largest count as zero: their directions are dropped from the polar factor. */
const RANK_TOLERANCE = 1e-12
/** The same of sums in single precision, as gradients are: what lies below it is their rounding. */
export const ROUNDING_TOLERANCE = 1e-6

/** Polar factors, and the least rank among the matrices: a scalar float, NaN where the method does not tell it. */
export interface Polar {
  readonly factors: Tensor
  readonly rank: Tensor
}

/**
 * U·Vᴴ of the singular value decomposition of each matrix [n, rows, columns], double or complex128: the nearest matrix whose
 * singular values are all 1. Where one lacks rank it is a partial isometry on the directions that there are.
 */
export function polarFactor(g: TensorGraph, matrices: Tensor, tolerance = RANK_TOLERANCE): Polar {
  return withValues(g, matrices, (_, mask) => mask, tolerance)
}

/**
 * The nearest matrices whose singular values lie in an interval: U·clip(Σ)·Vᴴ of each [n, rows, columns], double or complex128. A direction
 * that is missing stays so. The rank is told where the least value that is wanted is above 0, and NaN otherwise.
 */
export function clippedFactor(g: TensorGraph, matrices: Tensor, [least, greatest]: readonly [number, number]): Polar {
  const double = { T: T('double') }
  const edge = (value: number): Tensor => g.constant(value, [], 'double')
  const { factors, rank } = withValues(g, matrices, (values, mask) => {
    const raised = g.tensor('Maximum', [values, edge(least)], values.shape, double, 'double')
    return g.multiply(mask, g.tensor('Minimum', [raised, edge(greatest)], values.shape, double, 'double'))
  })
  return { factors, rank: least > 0 ? rank : g.constant(NaN) }
}

/** U·diag(values)·Vᴴ with other values [n, min(rows, columns)], double; the mask is 0 where a direction counts as missing, else 1. */
function withValues(
  g: TensorGraph,
  matrices: Tensor,
  make: (values: Tensor, mask: Tensor) => Tensor,
  tolerance = RANK_TOLERANCE,
): Polar {
  const [n, rows, columns] = matrices.shape as [number, number, number]
  const most = Math.min(rows, columns)
  const attributes = { T: T(matrices.dtype), compute_uv: { b: true }, full_matrices: { b: false } }
  const svd = g.node('Svd', [matrices.id], attributes)
  const u: Tensor = { id: `${svd}:1`, shape: [n, rows, most], dtype: matrices.dtype }
  const v: Tensor = { id: `${svd}:2`, shape: [n, columns, most], dtype: matrices.dtype }
  const values = realPart(g, { id: svd, shape: [n, most], dtype: matrices.dtype })
  const double = { T: T('double') }
  const along = { ...double, Tidx: T_INT32 }
  const largest = g.tensor('Max', [values, g.integers([1])], [n, 1], { ...along, keep_dims: { b: true } }, 'double')
  const keep = g.tensor('Greater', [values, g.scale(largest, tolerance)], [n, most], double, 'bool')
  const ranks = g.sumOver(g.cast(keep, 'double'), [1])
  const rank = g.tensor('Min', [ranks, g.integers([0])], [], { ...along, keep_dims: { b: false } }, 'double')
  const made = g.reshape(g.cast(make(values, g.cast(keep, 'double')), matrices.dtype), [n, 1, most])
  return { factors: g.matmulEach(g.multiply(u, made), v, { b: true }), rank: g.cast(rank, 'float') }
}

/** The singular values of each matrix [n, rows, columns], double or complex128, descending: [n, min(rows, columns)], double. */
export function singularValues(g: TensorGraph, matrices: Tensor): Tensor {
  const [n, rows, columns] = matrices.shape as [number, number, number]
  const attributes = { T: T(matrices.dtype), compute_uv: { b: false }, full_matrices: { b: false } }
  return realPart(g, g.tensor('Svd', [matrices], [n, Math.min(rows, columns)], attributes, matrices.dtype))
}

/**
 * K(KᴴK)^(−1/2) by the coupled Newton–Schulz iteration for each complex matrix K: no SVD, but near a small singular value
 * it stays below 1. KᴴK is divided by its Frobenius norm (as a real matrix of twice the size) where that is over 1.
 */
export function newtonSchulzPolar(g: TensorGraph, matrices: Tensor, iterations = 10): Polar {
  const [n, , columns] = matrices.shape as [number, number, number]
  const gram = g.matmulEach(matrices, matrices, { a: true })
  const squares = g.add(g.square(realPart(g, gram)), g.square(imaginaryPart(g, gram)))
  const norm = g.squareRoot(g.scale(g.sumOver(squares, [1, 2]), 2))
  const one = g.constant(1, [], 'double')
  const divisor = g.reshape(g.tensor('Maximum', [norm, one], [n], { T: T('double') }, 'double'), [n, 1, 1])
  const identity = Array.from({ length: columns * columns }, (_, i) => (i % (columns + 1) === 0 ? 1 : 0))
  const eye = g.cast(g.constant(identity, [1, columns, columns], 'double'), 'complex128')
  const number = (value: number): Tensor => g.cast(g.constant(value, [], 'double'), 'complex128')
  let y = g.divide(gram, g.cast(divisor, 'complex128'))
  let z = eye
  for (let step = 0; step < iterations; step++) {
    const product = step === 0 ? y : g.matmulEach(z, y)
    const t = g.multiply(number(0.5), g.subtract(g.multiply(number(3), eye), product))
    z = step === 0 ? t : g.matmulEach(t, z)
    y = g.matmulEach(y, t)
  }
  const factors = g.divide(g.matmulEach(matrices, z), g.cast(g.squareRoot(divisor), 'complex128'))
  return { factors, rank: g.constant(NaN) }
}

/** The real part of a complex tensor; a real one as it is. */
export function realPart(g: TensorGraph, x: Tensor): Tensor {
  return x.dtype === 'complex128' ? part(g, 'Real', x) : x
}

export function imaginaryPart(g: TensorGraph, x: Tensor): Tensor {
  return part(g, 'Imag', x)
}

function part(g: TensorGraph, op: 'Real' | 'Imag', x: Tensor): Tensor {
  return g.tensor(op, [x], x.shape, { T: T('complex128'), Tout: T('double') }, 'double')
}
