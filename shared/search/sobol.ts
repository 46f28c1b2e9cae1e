import type { Random } from '../random'
import { DIRECTIONS } from './sobol-directions'

/** Digits of a coordinate in base two. */
const BITS = 30
/** Dimensions that there are direction numbers for. */
export const MOST_DIMENSIONS = DIRECTIONS.length + 1

/** Direction numbers v_1 … v_BITS of a dimension, as integers of BITS bits. */
const directions = Array.from({ length: MOST_DIMENSIONS }, (_, dimension) => directionsOf(dimension))

/**
 * Point `index` of Sobol's sequence in Gray-code order (Antonov and Saleev 1979), each coordinate times 2^30: the one of scipy.stats.qmc.Sobol.
 * The first point is the origin.
 *
 * @param dimensions At most MOST_DIMENSIONS. @param index From 0 to 2^30 − 1.
 */
export function sobolWords(dimensions: number, index: number): number[] {
  const gray = index ^ (index >>> 1)
  return directions.slice(0, dimensions).map((numbers) => {
    let word = 0
    for (let bit = 0; bit < BITS; bit++) if ((gray >>> bit) & 1) word ^= numbers[bit]!
    return word
  })
}

/** A digital shift: what every point's coordinates are exclusively or'ed with, which keeps the sequence's evenness and moves its origin. */
export function digitalShift(dimensions: number, random: Random): number[] {
  return Array.from({ length: dimensions }, () => random.word() >>> (32 - BITS))
}

/** A shifted point in [0, 1). Half a digit is added, so that no coordinate is 0. */
export function sobolPoint(index: number, shift: readonly number[]): number[] {
  return sobolWords(shift.length, index).map((word, dimension) => ((word ^ shift[dimension]!) + 0.5) / 2 ** BITS)
}

/** By the recurrence of Bratley and Fox (1988): m_i = 2a_1·m_{i−1} ⊕ … ⊕ 2^s·m_{i−s} ⊕ m_{i−s}. */
function directionsOf(dimension: number): number[] {
  const [polynomial, ...initial] = DIRECTIONS[dimension - 1] ?? [1]
  const degree = initial.length
  const m = [...initial]
  for (let i = m.length; i < BITS; i++) {
    if (degree === 0) {
      m.push(1)
      continue
    }
    let next = m[i - degree]! ^ times(m[i - degree]!, degree)
    for (let k = 1; k < degree; k++) if ((polynomial! >>> (degree - k)) & 1) next ^= times(m[i - k]!, k)
    m.push(next)
  }
  return m.map((number, i) => times(number, BITS - 1 - i))
}

/** Shifted left; never beyond 30 bits here. */
function times(number: number, bits: number): number {
  return number << bits
}
