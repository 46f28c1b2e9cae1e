import type { Random } from '../../../shared/random'

/**
 * What made sets are computed with: additions, multiplications and divisions alone, which every machine rounds alike. Sine, cosine and
 * logarithm of a system's library may differ in their last bit.
 */

/** Cosine and sine of so many turns, within some 1e-16: Taylor's series over an eighth of a turn to each side. */
export function ofTurns(turns: number): { cos: number; sin: number } {
  const within = turns - Math.floor(turns)
  const quarter = Math.round(4 * within)
  const x = 2 * Math.PI * (within - quarter / 4)
  const [cos, sin] = [series(x, 0), series(x, 1)]
  switch (quarter % 4) {
    case 0:
      return { cos, sin }
    case 1:
      return { cos: -sin, sin: cos }
    case 2:
      return { cos: -cos, sin: -sin }
    default:
      return { cos: sin, sin: -cos }
  }
}

/** Σ (−1)^k x^(2k + first)/(2k + first)!, the smallest term first. */
function series(x: number, first: 0 | 1): number {
  let sum = 0
  for (let n = 16 + first; n > first; n -= 2) sum = ((1 + sum) * -x * x) / (n * (n - 1))
  return (1 + sum) * (first === 0 ? 1 : x)
}

/** Bell-shaped with mean 0 and deviation 1: the sum of twelve uniform numbers less 6 (Irwin and Hall 1927), never beyond ±6. */
export function bell(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.uniform()
  return sum
}

/** The nearest multiple of 2⁻¹⁶, which a float of single precision holds as it is. */
export const onGrid = (value: number): number => Math.round(value * 65_536) / 65_536
