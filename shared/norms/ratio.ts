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

/** ‖g_1‖₂ / ‖g_{L+1}‖₂, the product of all ratios. */
export function chainRatio(norms: Float32Array): number {
  return norms[0]! / norms[norms.length - 1]!
}
