import { type Triangle, backward, factorize, forward, rowOf } from './cholesky'

/** What is known of a function that is looked for: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), by their numbers. */

/** Matérn 5/2 with a length of its own for each axis, times an amplitude, and noise. */
export interface Hyperparameters {
  /** Variance of the function. */
  readonly amplitude: number
  /** One an axis; how far along it values are alike. */
  readonly lengths: readonly number[]
  /** Variance of an observation about the function. */
  readonly noise: number
}

export interface Process {
  /** Mean and standard deviation of the function at a point (algorithm 2.1); the noise of one more observation is not in it. */
  at(point: readonly number[]): { mean: number; deviation: number }
  /** log p(y|X), equation 2.30. */
  readonly likelihood: number
}

/** Whether an axis has choices: its values are equal or not, and differ by 1 where they are not. */
export type AxisKinds = readonly ('number' | 'choice')[]

/**
 * @param points One coordinate an axis. @param y Observations with mean 0.
 * @returns null where the matrix is not positive definite to double precision.
 */
export function gaussianProcess(
  points: readonly (readonly number[])[],
  y: readonly number[],
  kinds: AxisKinds,
  given: Hyperparameters,
): Process | null {
  const { amplitude, lengths, noise } = given
  const kernel = (a: readonly number[], b: readonly number[]): number => {
    let squares = 0
    for (let axis = 0; axis < a.length; axis++) squares += apart(kinds[axis]!, a[axis]!, b[axis]!) / lengths[axis]! ** 2
    return matern(amplitude, Math.sqrt(5 * squares))
  }
  const covariances = Float64Array.from(points.flatMap((point, i) => points.slice(0, i + 1).map((other) => kernel(point, other))))
  const observed = observe(covariances, y, noise)
  if (!observed) return null
  const { factor, weights, likelihood } = observed
  return {
    likelihood,
    at(point) {
      const shared = points.map((one) => kernel(point, one))
      const mean = shared.reduce((sum, value, i) => sum + value * weights[i]!, 0)
      const taken = forward(factor, shared).reduce((sum, value) => sum + value ** 2, 0)
      return { mean, deviation: Math.sqrt(Math.max(amplitude - taken, 0)) }
    },
  }
}

/** How far apart two values of an axis are, squared. */
export const apart = (kind: AxisKinds[number], a: number, b: number): number =>
  kind === 'choice' ? Number(a !== b) : (a - b) ** 2

/** Equation 4.17 with ν = 5/2. @param r √5 times the distance in lengths. */
export const matern = (amplitude: number, r: number): number => amplitude * (1 + r + (r * r) / 3) * Math.exp(-r)

/** Observations of values with these covariances: L of K = L·Lᵀ, K the covariances with the noise; K⁻¹·y; and log p(y|X). Null where K has no L. */
export function observe(
  covariances: Triangle,
  y: readonly number[],
  noise: number,
): { factor: Triangle; weights: Float64Array; likelihood: number } | null {
  const factor = covariances.slice()
  for (let i = 0; i < y.length; i++) factor[rowOf(i) + i]! += noise
  if (!factorize(factor, y.length)) return null
  const half = forward(factor, y)
  let likelihood = -0.5 * y.length * Math.log(2 * Math.PI)
  for (let i = 0; i < y.length; i++) likelihood -= 0.5 * half[i]! ** 2 + Math.log(factor[rowOf(i) + i]!)
  return { factor, weights: backward(factor, half), likelihood }
}
