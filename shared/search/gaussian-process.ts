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
  const count = points.length
  const kernel = (a: readonly number[], b: readonly number[]): number => covariance(a, b, kinds, given)
  const factor = cholesky(count, (i, j) => kernel(points[i]!, points[j]!) + (i === j ? given.noise : 0))
  if (!factor) return null
  const half = forward(factor, y)
  const weights = backward(factor, half)
  let likelihood = -0.5 * count * Math.log(2 * Math.PI)
  for (let i = 0; i < count; i++) likelihood -= 0.5 * half[i]! ** 2 + Math.log(factor[i]![i]!)
  return {
    likelihood,
    at(point) {
      const shared = points.map((one) => kernel(point, one))
      const mean = shared.reduce((sum, value, i) => sum + value * weights[i]!, 0)
      const taken = forward(factor, shared).reduce((sum, value) => sum + value ** 2, 0)
      return { mean, deviation: Math.sqrt(Math.max(given.amplitude - taken, 0)) }
    },
  }
}

/** Equation 4.17 with ν = 5/2. */
function covariance(
  a: readonly number[],
  b: readonly number[],
  kinds: AxisKinds,
  { amplitude, lengths }: Hyperparameters,
): number {
  let squares = 0
  for (let axis = 0; axis < a.length; axis++) {
    const apart = kinds[axis] === 'choice' ? (a[axis] === b[axis] ? 0 : 1) : a[axis]! - b[axis]!
    squares += (apart / lengths[axis]!) ** 2
  }
  const r = Math.sqrt(5 * squares)
  return amplitude * (1 + r + (r * r) / 3) * Math.exp(-r)
}

/** L of A = L·Lᵀ, row by row; null where A is not positive definite. */
function cholesky(count: number, of: (i: number, j: number) => number): Float64Array[] | null {
  const rows: Float64Array[] = []
  for (let i = 0; i < count; i++) {
    const row = new Float64Array(i + 1)
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : rows[j]!
      let sum = of(i, j)
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!
      if (j < i) row[j] = sum / other[j]!
      else if (sum > 0) row[j] = Math.sqrt(sum)
      else return null
    }
    rows.push(row)
  }
  return rows
}

/** x of L·x = b. */
function forward(factor: readonly Float64Array[], b: readonly number[]): number[] {
  const x: number[] = []
  factor.forEach((row, i) => {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= row[k]! * x[k]!
    x.push(sum / row[i]!)
  })
  return x
}

/** x of Lᵀ·x = b. */
function backward(factor: readonly Float64Array[], b: readonly number[]): number[] {
  const x = [...b]
  for (let i = factor.length - 1; i >= 0; i--) {
    x[i]! /= factor[i]![i]!
    for (let k = 0; k < i; k++) x[k]! -= factor[i]![k]! * x[i]!
  }
  return x
}

/** Natural logarithms between which amplitude, lengths and noise are looked for. */
const BOUNDS = {
  amplitude: [Math.log(0.05), Math.log(20)],
  length: [Math.log(0.05), Math.log(20)],
  noise: [Math.log(1e-6), 0],
} as const
/** Where the climb begins. */
const STARTS = [
  { length: Math.log(0.5), noise: Math.log(0.01) },
  { length: Math.log(0.2), noise: Math.log(0.1) },
  { length: Math.log(2), noise: Math.log(1e-3) },
] as const
const STEPS = [1, 0.5, 0.25, 0.12, 0.06, 0.03]
const MOST_SWEEPS = 30

/** The hyperparameters of the greatest likelihood, found by climbing along each of them from a few places; without chance. */
export function fittedProcess(
  points: readonly (readonly number[])[],
  y: readonly number[],
  kinds: AxisKinds,
): { process: Process; hyperparameters: Hyperparameters } | null {
  const bounds = [BOUNDS.amplitude, ...kinds.map(() => BOUNDS.length), BOUNDS.noise]
  const read = (logs: readonly number[]): Hyperparameters => {
    const values = logs.map(Math.exp)
    return { amplitude: values[0]!, lengths: values.slice(1, -1), noise: values[values.length - 1]! }
  }
  const likelihoodOf = (logs: readonly number[]): number => gaussianProcess(points, y, kinds, read(logs))?.likelihood ?? -Infinity
  let best: { logs: number[]; likelihood: number } | undefined
  for (const start of STARTS) {
    let logs = [0, ...kinds.map(() => start.length), start.noise]
    let likelihood = likelihoodOf(logs)
    for (const step of STEPS)
      for (let sweep = 0, climbed = true; climbed && sweep < MOST_SWEEPS; sweep++) {
        climbed = false
        for (let place = 0; place < logs.length; place++)
          for (const by of [step, -step]) {
            const [low, high] = bounds[place]!
            const next = logs.map((value, i) => (i === place ? Math.min(Math.max(value + by, low), high) : value))
            const found = likelihoodOf(next)
            if (found <= likelihood + 1e-9) continue
            ;[logs, likelihood, climbed] = [next, found, true]
            break
          }
      }
    if (!best || likelihood > best.likelihood) best = { logs, likelihood }
  }
  const hyperparameters = read(best!.logs)
  const process = gaussianProcess(points, y, kinds, hyperparameters)
  return process && { process, hyperparameters }
}
