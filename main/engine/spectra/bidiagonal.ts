/** A linear operator by its products, float64. */
export interface LinearMap {
  readonly inputs: number
  readonly outputs: number
  /** A·x. */
  apply(x: Float64Array): Float64Array
  /** Aᵀ·y. */
  transpose(y: Float64Array): Float64Array
  /** True where products are good to single precision alone: so are the vectors that are kept. */
  readonly isSingle?: boolean
}

/** A = U·B·Vᵀ on a Krylov space: B is upper bidiagonal. */
export interface Bidiagonal {
  readonly diagonal: Float64Array
  /** Beside the diagonal; one less. */
  readonly beside: Float64Array
  /** What leads out of the space: the error of a value is at most this times its left vector's last entry. */
  readonly rest: number
}

/** The operator from its shorter side: what its longer side has beyond is all zeros, which are none of its singular values. */
function slim(map: LinearMap): LinearMap {
  if (map.inputs <= map.outputs) return map
  const { inputs, outputs, isSingle = false } = map
  return { inputs: outputs, outputs: inputs, isSingle, apply: (x) => map.transpose(x), transpose: (y) => map.apply(y) }
}

/**
 * Golub–Kahan–Lanczos with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th ed., section 10.4.3) on the shorter
 * side, step by step, begun at a random vector.
 */
export class Bidiagonalisation {
  private readonly map: LinearMap
  /** Whether it is begun from the outputs. */
  private readonly isTurned: boolean
  private readonly vs: Vector[] = []
  private readonly us: Vector[] = []
  private readonly diagonal: number[] = []
  private readonly beside: number[] = []
  private v: Float64Array
  private rest = Infinity

  /** @param random Draws of the normal distribution. */
  constructor(map: LinearMap, random: () => number) {
    this.map = slim(map)
    this.isTurned = this.map !== map
    const start = Float64Array.from({ length: this.map.inputs }, random)
    this.v = scaled(start, 1 / length(start))
  }

  get steps(): number {
    return this.diagonal.length
  }

  /** True where the space holds all that the operator does to it. */
  get isExhausted(): boolean {
    return this.rest === 0 || this.steps === Math.min(this.map.inputs, this.map.outputs)
  }

  get result(): Bidiagonal {
    const { diagonal, beside, rest } = this
    return { diagonal: Float64Array.from(diagonal), beside: Float64Array.from(beside.slice(0, diagonal.length - 1)), rest }
  }

  /** Vectors of the operator that some of the small matrix stand for: of its inputs (right) and its outputs (left). */
  vectors({ right, left }: SmallVectors): { right: Float64Array[]; left: Float64Array[] } {
    const { inputs, outputs } = this.map
    const [fromV, fromU] = [
      right.map((small) => combined(this.vs, small, inputs)),
      left.map((small) => combined(this.us, small, outputs)),
    ]
    return this.isTurned ? { right: fromU, left: fromV } : { right: fromV, left: fromU }
  }

  step(): void {
    const { map, vs, us, diagonal, beside, v } = this
    const keep = (x: Float64Array): Vector => (map.isSingle ? Float32Array.from(x) : x)
    // What counts as nothing beside the arithmetic of the products.
    const least = map.isSingle ? 1e-6 : 1e-14
    const last = this.steps - 1
    vs.push(keep(v))
    const u = map.apply(v)
    if (last >= 0) add(u, us[last]!, -beside[last]!)
    orthogonalise(u, us)
    const alpha = length(u)
    if (!(alpha > least * (diagonal[0] ?? 0))) {
      diagonal.push(0)
      this.rest = 0
      return
    }
    diagonal.push(alpha)
    us.push(keep(scaled(u, 1 / alpha)))
    const next = map.transpose(scaled(u, 1 / alpha))
    add(next, v, -alpha)
    orthogonalise(next, vs)
    const rest = length(next)
    if (!(rest > least * diagonal[0]!)) {
      this.rest = 0
      return
    }
    this.rest = rest
    beside.push(rest)
    this.v = scaled(next, 1 / rest)
  }
}

/** Coefficients of some vectors in the two bases. */
export interface SmallVectors {
  readonly right: readonly Float64Array[]
  readonly left: readonly Float64Array[]
}

/** So many steps at most; fewer where the space is exhausted. */
export function bidiagonalise(map: LinearMap, steps: number, random: () => number): Bidiagonal {
  const process = new Bidiagonalisation(map, random)
  while (process.steps < steps && !process.isExhausted) process.step()
  return process.result
}

type Vector = Float32Array | Float64Array

function combined(basis: readonly Vector[], small: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size)
  basis.forEach((vector, i) => add(sum, vector, small[i]!))
  return sum
}

function length(x: Vector): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!
  return Math.sqrt(sum)
}

function scaled(x: Float64Array, factor: number): Float64Array {
  return x.map((value) => value * factor)
}

function add(x: Float64Array, y: Vector, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! += factor * y[i]!
}

/** What a vector may lose to the basis before it is taken from it once more: twice is enough (Daniel, Gragg, Kaufman, Stewart 1976). */
const KEPT = 0.7

function orthogonalise(x: Float64Array, basis: readonly Vector[]): void {
  if (basis.length === 0) return
  let before = length(x)
  for (let round = 0; round < 2; round++) {
    for (let first = 0; first < basis.length; first += 4) takeFour(x, basis, first)
    const after = length(x)
    if (after > KEPT * before) return
    before = after
  }
}

/** Four at a time, since x goes through memory as often as the basis. */
function takeFour(x: Float64Array, basis: readonly Vector[], first: number): void {
  const zero = basis[first]!
  const a = zero
  const [b, c, d] = [1, 2, 3].map((i) => basis[first + i] ?? zero) as [Vector, Vector, Vector]
  const count = Math.min(4, basis.length - first)
  let [p, q, r, s] = [0, 0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!
    p += value * a[i]!
    q += value * b[i]!
    r += value * c[i]!
    s += value * d[i]!
  }
  // The places of those that are not there were taken by the first.
  if (count < 2) q = 0
  if (count < 3) r = 0
  if (count < 4) s = 0
  for (let i = 0; i < x.length; i++) x[i]! -= p * a[i]! + q * b[i]! + r * c[i]! + s * d[i]!
}
