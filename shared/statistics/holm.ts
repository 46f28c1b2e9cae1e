/**
 * p values corrected for being several (Holm 1979): in ascending order times how many are left, and never less than the one before. Null stands for a
 * test that could not be made, or not yet. It counts as one with p = 1, so that whatever it comes to corrects no other more.
 */
export function holm(given: readonly (number | null)[]): (number | null)[] {
  const order = given.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => a.p - b.p)
  const corrected = given.map((): number | null => null)
  let least = 0
  order.forEach(({ p, i }, rank) => {
    least = Math.max(least, Math.min(1, p * (given.length - rank)))
    corrected[i] = least
  })
  return corrected
}
