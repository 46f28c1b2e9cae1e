/** A linear operator by its products, float64. */
export interface LinearMap {
  readonly inputs: number
  readonly outputs: number
  /** A·x. */
  apply(x: Float64Array): Float64Array
  /** Aᵀ·y. */
  transpose(y: Float64Array): Float64Array
}

/** A = U·B·Vᵀ on a Krylov space: B is upper bidiagonal. */
export interface Bidiagonal {
  readonly diagonal: Float64Array
  /** Beside the diagonal; one less. */
  readonly beside: Float64Array
  /** What leads out of the space: the error of a value is at most this times its left vector's last entry. */
  readonly rest: number
}

/**
 * Golub–Kahan–Lanczos with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th ed., section 10.4.3), begun at a
 * random vector of the seed.
 *
 * @param steps At most so many; fewer where the space is exhausted.
 */
export function bidiagonalise(map: LinearMap, steps: number, random: () => number): Bidiagonal {
  const vs: Float64Array[] = []
  const us: Float64Array[] = []
  const diagonal: number[] = []
  const beside: number[] = []
  let v = normalised(Float64Array.from({ length: map.inputs }, random))
  let rest = 0
  for (let step = 0; step < Math.min(steps, map.inputs, map.outputs); step++) {
    vs.push(v)
    const u = map.apply(v)
    if (step > 0) subtract(u, us[step - 1]!, beside[step - 1]!)
    orthogonalise(u, us)
    const alpha = length(u)
    diagonal.push(alpha)
    if (!(alpha > 0)) {
      rest = 0
      break
    }
    us.push(scaled(u, 1 / alpha))
    const next = map.transpose(us[step]!)
    subtract(next, v, alpha)
    orthogonalise(next, vs)
    rest = length(next)
    // The space holds all that the operator does to it.
    if (!(rest > 1e-14 * diagonal[0]!)) {
      rest = 0
      break
    }
    beside.push(rest)
    v = scaled(next, 1 / rest)
  }
  return { diagonal: Float64Array.from(diagonal), beside: Float64Array.from(beside.slice(0, diagonal.length - 1)), rest }
}

function length(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!
  return Math.sqrt(sum)
}

function scaled(x: Float64Array, factor: number): Float64Array {
  return x.map((value) => value * factor)
}

function normalised(x: Float64Array): Float64Array {
  return scaled(x, 1 / length(x))
}

function subtract(x: Float64Array, y: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! -= factor * y[i]!
}

/** Twice is enough (Parlett). */
function orthogonalise(x: Float64Array, basis: readonly Float64Array[]): void {
  for (let round = 0; round < 2; round++)
    for (const b of basis) {
      let product = 0
      for (let i = 0; i < x.length; i++) product += x[i]! * b[i]!
      subtract(x, b, product)
    }
}
