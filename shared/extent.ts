/** The greatest of any number of values, where `Math.max(...values)` would overflow the stack; `otherwise` for none. */
export function greatest(values: Iterable<number>, otherwise = -Infinity): number {
  let most = otherwise
  for (const value of values) if (!(value <= most)) most = value
  return most
}

/** The least of any number of values; `otherwise` for none. */
export function least(values: Iterable<number>, otherwise = Infinity): number {
  let few = otherwise
  for (const value of values) if (!(value >= few)) few = value
  return few
}
