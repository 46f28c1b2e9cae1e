/**
 * The number whose decimals are the fewest that give the same float32 again: 0.1 of what a Float32Array hands out as
 * 0.10000000149011612. NaN and the infinities stay what they are.
 */
export function shortestSingle(value: number): number {
  const eight = at(value, 8)
  if (eight === null) return at(value, 9) ?? value
  // A float32 tells decimals of up to six digits apart, so fewer than six need no look of their own.
  return at(value, 6) ?? at(value, 7) ?? eight
}

/** The value with so many digits, where that is still the same float32. */
function at(value: number, digits: number): number | null {
  const rounded = Number(value.toPrecision(digits))
  return Math.fround(rounded) === Math.fround(value) ? rounded : null
}

/** All of an array, as `shortestSingle` writes one; JSON.stringify makes NaN and the infinities null. */
export function shortestSingles(values: Float32Array): number[] {
  return Array.from(values, shortestSingle)
}
