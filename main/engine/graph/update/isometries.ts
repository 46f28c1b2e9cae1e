import type { Tensor } from '../../../../shared/ops/graph'
import type { MuonSettings } from '../../../../shared/optimisers/definition'
import type { KernelOperator } from '../kernel-operator'
import { polarFactor, ROUNDING_TOLERANCE } from '../polar'
import { projectKernel } from '../procrustes'
import type { TensorGraph } from '../tensor-graph'
import { lengthOf, sidesOf, stacked, stacksOf, unstacked } from './kernel-stacks'

/** x ← a·x + b·x³ + c·x⁵ of every singular value. */
type Quintic = readonly [a: number, b: number, c: number]

/** Jordan's: steep at 0, and at 1 within 0.68 to 1.13 for values of more than a hundredth of the norm. */
const QUINTIC: readonly Quintic[] = new Array<Quintic>(5).fill([3.4445, -4.775, 2.0315])

/** What the published program divides x by in each step but the last, against rounding. */
const SAFETY = 1.01
/**
 * Amsel and others 2025 (arXiv 2505.16932): in each step the polynomial that is best for what the one before left. Six steps leave values of more
 * than a thousandth of the norm within 0.993 to 1.002.
 */
const POLAR_EXPRESS: readonly Quintic[] = (
  [
    [8.28721201814563, -23.595886519098837, 17.300387312530933],
    [4.107059111542203, -2.9478499167379106, 0.5448431082926601],
    [3.9486908534822946, -2.908902115962949, 0.5518191394370137],
    [3.3184196573706015, -2.488488024314874, 0.51004894012372],
    [2.300652019954817, -1.6689039845747493, 0.4188073119525673],
    [1.891301407787398, -1.2679958271945868, 0.37680408948524835],
  ] as const
).map(([a, b, c]) => [a / SAFETY, b / SAFETY ** 3, c / SAFETY ** 5])

/** Added to the norm that a matrix is divided by, so that one of zeros stays. */
const TINY = 1e-7

/** Singular values after the steps of a method, of values that are shares of the norm, 0–1. */
export function afterSteps(method: 'quintic' | 'polar-express', shares: readonly number[]): number[] {
  const steps = method === 'quintic' ? QUINTIC : POLAR_EXPRESS
  const first = method === 'quintic' ? 1 : SAFETY
  return shares.map((share) => steps.reduce((x, [a, b, c]) => a * x + b * x ** 3 + c * x ** 5, share / first))
}

/**
 * Kernels that lie behind one another in a vector, each by a near isometry times a gain. Those of one shape are worked out together.
 *
 * @param x [n], float.
 * @param kernels Their operators, in that order.
 * @param gain Of a matrix of so many rows (taps and input channels) and columns (output channels).
 */
export function isometries(
  g: TensorGraph,
  x: Tensor,
  kernels: readonly KernelOperator[],
  method: MuonSettings['method'],
  gain: (rows: number, columns: number) => number,
): Tensor {
  if (method === 'operator') {
    const made = g.split(x, kernels.map(lengthOf)).map((part, i) => g.scale(ofOperator(g, part, kernels[i]!), gain(...sidesOf(kernels[i]!)))) // prettier-ignore
    return g.concatenate(made, 0, x.shape)
  }
  const stacks = stacksOf(kernels)
  const found = stacked(g, x, kernels, stacks).map((matrices, at) =>
    g.scale(isometryOf(g, matrices, method), gain(stacks[at]!.rows, stacks[at]!.columns)),
  )
  return unstacked(g, found, kernels, stacks)
}

/** Near isometries of matrices [n, rows, columns], float. */
function isometryOf(g: TensorGraph, matrices: Tensor, method: 'quintic' | 'polar-express' | 'svd'): Tensor {
  if (method === 'svd') return g.cast(polarFactor(g, g.cast(matrices, 'double'), ROUNDING_TOLERANCE).factors, 'float')
  const [n, rows, columns] = matrices.shape as [number, number, number]
  const norm = g.squareRoot(g.sumOver(g.square(matrices), [1, 2]))
  const divisor = g.add(g.scale(norm, method === 'quintic' ? 1 : SAFETY), g.constant(TINY))
  let x = g.divide(matrices, g.reshape(divisor, [n, 1, 1]))
  const isTall = rows >= columns
  for (const [a, b, c] of method === 'quintic' ? QUINTIC : POLAR_EXPRESS) {
    // The smaller of the two products has all there is.
    const gram = isTall ? g.matmulEach(x, x, { a: true }) : g.matmulEach(x, x, { b: true })
    const polynomial = g.add(g.scale(gram, b), g.scale(g.matmulEach(gram, gram), c))
    const bent = isTall ? g.matmulEach(x, polynomial) : g.matmulEach(polynomial, x)
    x = g.add(g.scale(x, a), bent)
  }
  return x
}

/** The kernel whose operator is the nearest isometry to its own at each frequency; a dense one as the matrix that it is. */
function ofOperator(g: TensorGraph, x: Tensor, operator: KernelOperator): Tensor {
  const { shape, grid, groups } = operator
  const [rows, columns] = sidesOf(operator)
  if (!grid) return g.reshape(isometryOf(g, g.reshape(x, [1, rows, columns]), 'svd'), x.shape)
  const [within, out] = shape.slice(-2) as [number, number]
  const { kernel } = projectKernel(g, g.reshape(x, shape), grid, 'svd', operator, ROUNDING_TOLERANCE)
  return g.scale(g.reshape(kernel, x.shape), Math.sqrt((within * groups) / out))
}
