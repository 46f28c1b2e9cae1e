/**
 * Exponential mean, corrected for its start (Kingma and Ba 2015, section 3): s_t = Σ w^(t−i)·y_i / Σ w^(t−i). Values that cannot
 * be drawn leave it as it is. A constant stays itself to the last bit.
 *
 * @param weight Of the past, 0–1; 0 gives the values themselves.
 * @param known Whether a value can be drawn.
 */
export function smoothed(
  values: ArrayLike<number>,
  weight: number,
  known: (value: number) => boolean = Number.isFinite,
): Float64Array {
  const result = new Float64Array(values.length)
  let mean = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (known(value)) {
      total = weight * total + (1 - weight)
      mean += ((1 - weight) / total) * (value - mean)
      result[i] = mean
    } else result[i] = NaN
  }
  return result
}
