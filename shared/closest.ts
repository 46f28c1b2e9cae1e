/**
 * The name that was most likely meant by a word that is none of them: one that a slip of the fingers makes of it (at most two letters off,
 * in a short word fewer), or the only one that begins with it or has it as a part.
 */
export function closest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  const unique = [...new Set(names)]
  const scored = unique
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const nearest = scored[0]
  if (nearest && nearest.distance <= 2 && nearest.distance < wanted.length) return nearest.name
  if (wanted.length < 3) return undefined
  const begins = unique.filter((name) => name.toLowerCase().startsWith(wanted))
  if (begins.length === 1) return begins[0]
  const parts = unique.filter((name) =>
    name
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .includes(wanted),
  )
  return parts.length === 1 ? parts[0] : undefined
}

/** Longest word that is compared: what is longer is nobody's slip. */
const LONGEST = 64

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > LONGEST) return Infinity
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
