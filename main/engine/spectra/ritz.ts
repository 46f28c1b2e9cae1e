import type { Bidiagonal, SmallVectors } from './bidiagonal'
import { tridiagonalEigen } from './tridiagonal'

/** An approximate singular value. */
export interface RitzValue {
  readonly value: number
  /** There is a singular value of the operator no further away (Golub and Van Loan, 4th ed., section 10.4.5). */
  readonly error: number
  /** Squared share of the first vector in its direction: what quadrature weighs it by. The weights sum to 1. */
  readonly weight: number
}

/** The singular values of the bidiagonal matrix, descending. */
export function ritzValues(bidiagonal: Bidiagonal): RitzValue[] {
  const k = bidiagonal.diagonal.length
  const { values, order, rows } = decomposed(bidiagonal, [0, 2 * k - 1])
  const [first, last] = rows as [Float64Array, Float64Array]
  return Array.from({ length: k }, (_, i) => {
    const [at, opposite] = [order[i]!, order[2 * k - 1 - i]!]
    return {
      value: Math.max(values[at]!, 0),
      // Each vector is a half of both: its length there is 1/√2.
      error: Math.abs(bidiagonal.rest * last[at]!) * Math.SQRT2,
      weight: first[at]! ** 2 + first[opposite]! ** 2,
    }
  })
}

/** The first `count` singular vectors of the bidiagonal matrix, by value: right ones in the basis v, left ones in u. */
export function ritzVectors(bidiagonal: Bidiagonal, count: number): SmallVectors {
  const k = bidiagonal.diagonal.length
  const { order, rows } = decomposed(bidiagonal, Array.from({ length: 2 * k }, (_, row) => row)) // prettier-ignore
  const of = (side: 0 | 1): Float64Array[] =>
    Array.from({ length: Math.min(count, k) }, (_, i) =>
      Float64Array.from({ length: k }, (__, j) => rows[2 * j + side]![order[i]!]! * Math.SQRT2),
    )
  return { right: of(0), left: of(1) }
}

/**
 * The tridiagonal matrix that a bidiagonal one makes with its transpose, rows and columns taken in turns (Golub and Kahan 1965): its
 * eigenvalues are the singular values and their opposites, small ones as exact as large ones.
 */
function decomposed(
  { diagonal, beside }: Bidiagonal,
  wanted: readonly number[],
): { values: Float64Array; order: readonly number[]; rows: readonly Float64Array[] } {
  const k = diagonal.length
  const turns = new Float64Array(2 * k - 1)
  for (let i = 0; i < k; i++) {
    turns[2 * i] = diagonal[i]!
    if (i + 1 < k) turns[2 * i + 1] = beside[i]!
  }
  const { values, rows } = tridiagonalEigen(new Float64Array(2 * k), turns, wanted)
  return { values, rows, order: Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!) }
}
