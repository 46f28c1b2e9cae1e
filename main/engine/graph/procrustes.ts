import type { Tensor } from '../../../shared/ops/graph'
import { type Grid, type Taps, transformKernel } from './kernel-transform'
import { T, T_FLOAT, T_INT32 } from './node-graph'
import { clippedFactor, newtonSchulzPolar, polarFactor } from './polar'
import type { TensorGraph } from './tensor-graph'

export type ProjectionMethod = 'svd' | 'newton-schulz'

/** A kernel that was repaired, and what was found on the way. */
export interface Repaired {
  /** In the shape of the kernel, float. */
  readonly kernel: Tensor
  /**
   * The least rank of its matrices, a scalar float; NaN where the method does not tell it, `NOT_FINITE` where the kernel holds
   * something that is not finite and was left alone.
   */
  readonly rank: Tensor
}

/** Stands for the rank of a kernel that was left alone. */
export const NOT_FINITE = -1

/**
 * The Procrustes step (arXiv 1805.07477v5, section 5): the convolution with the nearest operator whose singular values are all
 * equal to sqrt(out/in). At each frequency of the grid the kernel's transform is one matrix [in, out], replaced by its polar
 * factor; the way back is cropped to the kernel's support, which is exact for kernels of one tap, or of at least as many as
 * the grid has pixels.
 *
 * Computed in float64: a rank-deficient kernel's zero singular values drown in float32's rounding.
 *
 * @param kernel [kh, kw, in / groups, out], float.
 * @param grid Sides of the frequency grid: of the layer's output, pixels.
 * @param tolerance Of the SVD: below this share of the largest a singular value counts as missing.
 */
export function projectKernel(
  g: TensorGraph,
  kernel: Tensor,
  grid: Grid,
  method: ProjectionMethod,
  taps: Taps = {},
  tolerance?: number,
): Repaired {
  const [, , within, fanOut] = kernel.shape as [number, number, number, number]
  const fanIn = within * (taps.groups ?? 1)
  return whereFinite(g, kernel, (finite) => {
    const transform = transformKernel(g, finite, grid, taps)
    const { factors, rank } =
      method === 'svd'
        ? polarFactor(g, transform.matrices, tolerance)
        : newtonSchulzPolar(g, g.cast(transform.matrices, 'complex128'))
    return { kernel: g.cast(g.scale(transform.back(factors), Math.sqrt(fanOut / fanIn)), 'float'), rank }
  })
}

/**
 * Zero-phase whitening of a dense kernel, W(WᵀW)^(−1/2): the nearest matrix with orthonormal columns (rows, if wide).
 *
 * @param kernel [in, out], float.
 */
export function whitenKernel(g: TensorGraph, kernel: Tensor): Repaired {
  return whereFinite(g, kernel, (finite) => {
    const { factors, rank } = polarFactor(g, g.reshape(g.cast(finite, 'double'), [1, ...kernel.shape]))
    return { kernel: g.cast(g.reshape(factors, kernel.shape), 'float'), rank }
  })
}

/**
 * Puts the singular values of a kernel that left an interval back on its edge (Sedghi, Gupta, Long 2019, section 3): a dense kernel's, or those of
 * a convolution's transform at each frequency of the grid. The way back is cropped to the kernel's support, which lets a k×k convolution's
 * values out of the interval again by a little; those of dense and of 1×1 kernels stay in it.
 *
 * @param kernel [kh, kw, in / groups, out] or [in, out], float.
 * @param grid Sides of the frequency grid, as `projectKernel` takes it; null for a dense kernel.
 */
export function clipKernel(
  g: TensorGraph,
  kernel: Tensor,
  grid: Grid | null,
  interval: readonly [number, number],
  taps: Taps = {},
): Repaired {
  return whereFinite(g, kernel, (finite) => {
    if (grid === null) {
      const { factors, rank } = clippedFactor(g, g.reshape(g.cast(finite, 'double'), [1, ...kernel.shape]), interval)
      return { kernel: g.cast(g.reshape(factors, kernel.shape), 'float'), rank }
    }
    const transform = transformKernel(g, finite, grid, taps)
    const { factors, rank } = clippedFactor(g, transform.matrices, interval)
    return { kernel: g.cast(transform.back(factors), 'float'), rank }
  })
}

/** Repairs a kernel that is finite, and leaves another one alone, as the paper's first version does where the SVD fails. */
function whereFinite(g: TensorGraph, kernel: Tensor, repair: (kernel: Tensor) => Repaired): Repaired {
  const isFinite = allFinite(g, kernel)
  // The SVD may search for ever in what is not a number; of zeros it has nothing to do.
  const repaired = repair(select(g, isFinite, kernel, g.constant(0), kernel.shape))
  const isWhole = g.tensor('LogicalAnd', [isFinite, allFinite(g, repaired.kernel)], [], {}, 'bool')
  return {
    kernel: select(g, isWhole, repaired.kernel, kernel, kernel.shape),
    rank: select(g, isWhole, repaired.rank, g.constant(NOT_FINITE), []),
  }
}

function allFinite(g: TensorGraph, x: Tensor): Tensor {
  const finite = g.tensor('IsFinite', [x], x.shape, { T: T('float') }, 'bool')
  const axes = g.integers(x.shape.map((_, axis) => axis))
  return g.tensor('All', [finite, axes], [], { Tidx: T_INT32, keep_dims: { b: false } }, 'bool')
}

function select(g: TensorGraph, condition: Tensor, yes: Tensor, no: Tensor, shape: readonly number[]): Tensor {
  return g.tensor('SelectV2', [condition, yes, no], shape, { T: T_FLOAT })
}
