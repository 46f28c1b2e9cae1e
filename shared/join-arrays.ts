/** Arrays of numbers one behind the other. @param make Gives an array of so many zeros. */
export function joinArrays<T extends Float32Array | Float64Array>(
  make: (length: number) => T,
  parts: readonly ArrayLike<number>[],
): T {
  const whole = make(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
