/** p values corrected for being several (Holm 1979): in ascending order times how many are left, and never less than the one before. Null stands for a test that was not made. */
export function holm(given: readonly (number | null)[]): (number | null)[] {
  const order = given.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => a.p - b.p)
  const corrected = given.map((): number | null => null)
  let least = 0
  order.forEach(({ p, i }, rank) => {
    least = Math.max(least, Math.min(1, p * (order.length - rank)))
    corrected[i] = least
  })
  return corrected
}
