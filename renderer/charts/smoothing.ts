/**
 * Exponential mean, corrected for its start (Kingma and Ba 2015, section 3): s_t = Σ w^(t−i)·y_i / Σ w^(t−i). Values that are
 * not finite leave it as it is.
 *
 * @param weight Of the past, 0–1; 0 gives the values themselves.
 */
export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const result = new Float64Array(values.length)
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value
      total = weight * total + (1 - weight)
      result[i] = sum / total
    } else result[i] = NaN
  }
  return result
}
