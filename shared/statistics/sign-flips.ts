import { Random } from '../random'

/** All 2ⁿ ways to flip signs are gone through up to so many differences; beyond, as many are drawn. */
const MOST_EXACT = 16
const DRAWN = 2 ** MOST_EXACT

/**
 * Exact test of paired differences (Fisher 1935, §21): were both arms alike, each difference could as well have the other sign. The share of all 2ⁿ ways to
 * choose signs whose sum is at least as far from 0 as the one found. It is never less than 2/2ⁿ: three pairs cannot come below 0.25.
 */
export function signFlipP(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs)
  // Sums that differ in their rounding alone are equal.
  const least = Math.abs(differences.reduce((sum, one) => sum + one, 0)) - 1e-12 * sizes.reduce((sum, one) => sum + one, 0)
  const isAsFar = (isNegative: (i: number) => boolean): boolean =>
    Math.abs(sizes.reduce((sum, size, i) => sum + (isNegative(i) ? -size : size), 0)) >= least
  let found = 0
  if (sizes.length <= MOST_EXACT) {
    const ways = 2 ** sizes.length
    for (let way = 0; way < ways; way++) if (isAsFar((i) => ((way >> i) & 1) === 1)) found++
    return found / ways
  }
  const random = new Random(1)
  for (let way = 0; way < DRAWN; way++) if (isAsFar(() => random.word() >= 2 ** 31)) found++
  // What was found is one of the ways, and so the share is never 0 (Phipson and Smyth 2010).
  return (found + 1) / (DRAWN + 1)
}

/** Wilcoxon's signed ranks (1945): by size, ties with their mean rank, zeros left out. Their exact test is `signFlipP` of these. */
export function signedRanks(differences: readonly number[]): number[] {
  const sorted = differences.filter((one) => one !== 0).sort((a, b) => Math.abs(a) - Math.abs(b))
  return sorted.map((one) => {
    const first = sorted.findIndex((other) => Math.abs(other) === Math.abs(one))
    const tied = sorted.filter((other) => Math.abs(other) === Math.abs(one)).length
    return Math.sign(one) * (first + (tied + 1) / 2)
  })
}
