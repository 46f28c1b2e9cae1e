/** Values that lie in one another deeper than this are nothing that a page sends. */
const MOST_DEPTH = 1_000

/**
 * How many values a message holds, counted as whoever walks through it meets them: a value that lies in several places counts in each. A port of Electron's
 * hands over such values as they are, and of thirty lists that each hold the next one twice all ways are a thousand million.
 *
 * @returns Infinity for what holds itself, or lies too deep.
 */
export function extentOf(value: unknown): number {
  const known = new Map<object, number>()
  const walk = (inner: unknown, depth: number): number => {
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) return 1
    if (depth > MOST_DEPTH) return Infinity
    const before = known.get(inner)
    if (before !== undefined) return before
    // Met again before it is counted, it holds itself.
    known.set(inner, Infinity)
    let count = 1
    for (const part of Object.values(inner)) count += walk(part, depth + 1)
    known.set(inner, count)
    return count
  }
  return walk(value, 0)
}
