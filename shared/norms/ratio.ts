/**
 * r_l = ‖g_l‖₂ / ‖g_{l+1}‖₂ for each unit: how much of the gradient's norm it hands back (arXiv 1805.07477, section 3).
 *
 * @param norms ‖dE/dx_l‖₂ at the L+1 boundaries in forward order.
 * @returns L ratios; 1 is perfect preservation. 0/0 is NaN and x/0 is Infinity, as measured.
 */
export function ratios(norms: Float32Array): Float32Array {
  const result = new Float32Array(Math.max(norms.length - 1, 0))
  for (let l = 0; l < result.length; l++) result[l] = norms[l]! / norms[l + 1]!
  return result
}

/**
 * ‖g_1‖₂ / ‖g_{L+1}‖₂, the product of all ratios: the ratios' logarithms add up to that of the ends' quotient, so it is formed of
 * the ends, in double precision, where no quotient of two norms of single precision overflows or vanishes. NaN where not measured.
 */
export function chainRatio(norms: Float32Array): number {
  return norms.length > 1 ? norms[0]! / norms[norms.length - 1]! : NaN
}

/** The least and the greatest of the finite values; NaN where there is none. */
export function finiteExtremes(values: ArrayLike<number>): [least: number, greatest: number] {
  let [least, greatest] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return least <= greatest ? [least, greatest] : [NaN, NaN]
}
