/**
 * The paper's bound on one block's ratio: 1 − δ ≤ r ≤ 1 + δ with δ(L) = c·log(2L)/L (arXiv 1805.07477, theorem 1).
 *
 * @param blocks L, the number of residual blocks.
 */
export function boundDelta(c: number, blocks: number): number {
  return blocks > 0 ? (c * Math.log(2 * blocks)) / blocks : 0
}

/** The smallest c whose bound covers all of these ratios; NaN where one is not a number. */
export function smallestBoundConstant(ratios: ArrayLike<number>): number {
  let deviation = 0
  for (let l = 0; l < ratios.length; l++) {
    if (!Number.isFinite(ratios[l]!)) return NaN
    deviation = Math.max(deviation, Math.abs(ratios[l]! - 1))
  }
  return ratios.length ? (deviation * ratios.length) / Math.log(2 * ratios.length) : NaN
}

/** Share of ratios within 1 ± delta, 0–1; those that are not numbers lie outside. */
export function shareWithin(ratios: ArrayLike<number>, delta: number): number {
  let within = 0
  for (let l = 0; l < ratios.length; l++) if (Math.abs(ratios[l]! - 1) <= delta) within++
  return ratios.length ? within / ratios.length : NaN
}
