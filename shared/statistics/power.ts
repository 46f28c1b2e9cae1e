import { noncentralT, studentT } from './student'

/** How likely a paired t test of n pairs, two-sided at `level`, finds a difference of d_z. */
export function power(d: number, n: number, level: number): number {
  const [freedom, delta, t] = [n - 1, Math.abs(d) * Math.sqrt(n), studentT(n - 1, level)]
  return 1 - noncentralT(t, freedom, delta) + noncentralT(-t, freedom, delta)
}

/** More seeds than anybody trains for one claim. */
const MOST_SEEDS = 1000

/** Fewest pairs with which the test finds d_z four times of five (Cohen 1988); null where a thousand are too few. @param level Of a test: of several, a share of 0.05. */
export function seedsNeeded(d: number, level = 0.05, wanted = 0.8): number | null {
  if (d === 0 || power(d, MOST_SEEDS, level) < wanted) return null
  let [few, enough] = [1, MOST_SEEDS]
  while (enough - few > 1) {
    const middle = (few + enough) >> 1
    if (power(d, middle, level) < wanted) few = middle
    else enough = middle
  }
  return enough
}
