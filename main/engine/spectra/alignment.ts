import type { Alignment } from '../../../shared/api'
import { Random } from '../../../shared/random'
import { Bidiagonalisation, type LinearMap } from './bidiagonal'
import { ritzValues, ritzVectors } from './ritz'

/** The largest singular triplets of an operator. */
export interface Triplets {
  readonly values: readonly number[]
  readonly right: readonly Float32Array[]
  readonly left: readonly Float32Array[]
}

const SEED = 5

/** By Lanczos, in so many steps: several times as many as triplets are wanted. */
export function largestTriplets(map: LinearMap, count: number, steps: number): Triplets {
  const random = new Random(SEED)
  const process = new Bidiagonalisation(map, () => random.normal())
  while (process.steps < steps && !process.isExhausted) process.step()
  const { result } = process
  const found = process.vectors(ritzVectors(result, count))
  const single = (vectors: readonly Float64Array[]): Float32Array[] => vectors.map((vector) => Float32Array.from(vector))
  return {
    values: ritzValues(result)
      .slice(0, count)
      .map(({ value }) => value),
    ...{ right: single(found.right), left: single(found.left) },
  }
}

/**
 * How blocks of one shape lie to each other.
 *
 * @param act J·v of a block: `act(i, v)`.
 */
export function alignmentOf(
  names: readonly string[],
  triplets: readonly Triplets[],
  act: (block: number, directions: readonly Float32Array[]) => readonly Float32Array[],
): Alignment {
  const n = names.length
  const k = Math.min(...triplets.map(({ values }) => values.length))
  const overlap = (a: keyof Omit<Triplets, 'values'>, b: keyof Omit<Triplets, 'values'>): Float32Array<ArrayBuffer> =>
    matrix(n, (i, j) => {
      let sum = 0
      for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) sum += product(triplets[i]![a][p]!, triplets[j]![b][q]!) ** 2
      return sum / k
    })
  const throughRow = (i: number): readonly number[] => {
    const total = triplets[i]!.values.slice(0, k).reduce((sum, value) => sum + value, 0)
    return triplets.map(({ left, right }) => {
      const moved = act(i, right.slice(0, k))
      const trace = moved.reduce((sum, vector, p) => sum + product(vector, left[p]!), 0)
      return total > 0 ? Math.abs(trace) / total : NaN
    })
  }
  const rows = triplets.map((_, i) => throughRow(i))
  return {
    ...{ blocks: [...names], vectors: k },
    ...{ left: overlap('left', 'left'), right: overlap('right', 'right'), leftRight: overlap('left', 'right') },
    through: matrix(n, (i, j) => rows[i]![j]!),
    values: Float32Array.from(triplets.flatMap(({ values }) => values.slice(0, k))),
  }
}

function matrix(n: number, entry: (i: number, j: number) => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * n + j] = entry(i, j)
  return values
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
