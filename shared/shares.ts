/** Half a unit in the last place of a number just below 1, twice: a share's own rounding and that of the difference. */
const ROUNDING = 2 ** -53

/**
 * 1 − share, in the fewest digits that the share tells: 0.82 of 0.18, where the plain difference of the doubles is 0.8200000000000001.
 *
 * @param share 0–1.
 */
export function complement(share: number): number {
  const rest = 1 - share
  for (let digits = 1; digits < 17; digits++) {
    const rounded = Number(rest.toPrecision(digits))
    if (Math.abs(rounded - rest) <= ROUNDING) return rounded
  }
  return rest
}
