import { repeatsOf } from '../repeats'
import { type EffectSize, effectSize } from './effect-size'
import { signedRanks, signFlipP } from './sign-flips'
import { studentP, studentT } from './student'

/** Two arms with the same seeds, held against each other seed by seed. */
export interface PairedTest {
  /** Pairs. */
  readonly n: number
  /** Mean of first − second, and its 95 % interval by Student's t. */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** Two-sided p of the paired t test (Student 1908); null where all differences are one number, which have no spread to judge by. */
  readonly t: number | null
  readonly p: number | null
  /** Exact two-sided p of all ways to flip the differences' signs: of their mean, and of Wilcoxon's ranks. */
  readonly signFlips: number
  readonly wilcoxon: number
  readonly effect: EffectSize | null
}

/** The least p that an exact test of so many pairs can give. */
export const leastExactP = (n: number): number => 2 / 2 ** n

type Pairs = readonly (readonly [number, number])[]

/** Mean, deviation and t of the differences; null of fewer than two pairs, which decide nothing. */
function spreadOf(pairs: Pairs) {
  const differences = pairs.map(([first, second]) => first - second)
  const repeats = repeatsOf(differences)
  if (!repeats || repeats.count < 2 || repeats.count < pairs.length) return null
  const { mean, deviation, count: n } = repeats
  // Equal differences differ in their rounding: no spread is told from that.
  const size = Math.max(...pairs.flat().map(Math.abs))
  const hasSpread = deviation! > 1e-12 * size
  const t = hasSpread ? mean / (deviation! / Math.sqrt(n)) : null
  return { differences, mean, deviation: deviation!, n, hasSpread, t, p: t === null ? null : studentP(t, n - 1) }
}

/** The test's p alone, without the dearer figures; null where there is none. */
export const pairedP = (pairs: Pairs): number | null => spreadOf(pairs)?.p ?? null

/** Of pairs of finite numbers; null of fewer than two, which decide nothing. */
export function pairedTest(pairs: Pairs): PairedTest | null {
  const spread = spreadOf(pairs)
  if (!spread) return null
  const { differences, mean, deviation, n, hasSpread, t, p } = spread
  const half = hasSpread ? (studentT(n - 1) * deviation) / Math.sqrt(n) : 0
  return {
    ...{ n, difference: mean, low: mean - half, high: mean + half, t, p },
    ...{ signFlips: signFlipP(differences), wilcoxon: signFlipP(signedRanks(differences)) },
    effect: hasSpread ? effectSize(mean, deviation, n) : null,
  }
}
