/**
 * The paper's bound on one block's ratio: 1 − δ ≤ r ≤ 1 + δ with δ(L) = c·log(2L)/L (arXiv 1805.07477, theorem 1).
 *
 * @param blocks L, the number of residual blocks.
 */
export function boundDelta(c: number, blocks: number): number {
  return blocks > 0 ? (c * Math.log(2 * blocks)) / blocks : 0
}

/** The smallest c whose bound covers all of these ratios; NaN of none, or where one is not finite, which no bound covers. */
export function smallestBoundConstant(ratios: ArrayLike<number>): number {
  let deviation = 0
  for (let l = 0; l < ratios.length; l++) {
    if (!Number.isFinite(ratios[l]!)) return NaN
    deviation = Math.max(deviation, Math.abs(ratios[l]! - 1))
  }
  return ratios.length ? (deviation * ratios.length) / Math.log(2 * ratios.length) : NaN
}

/** Mean of |r − 1|; NaN of none, or where one is not finite. */
export function meanDeviation(ratios: ArrayLike<number>): number {
  let sum = 0
  for (let l = 0; l < ratios.length; l++) sum += Math.abs(ratios[l]! - 1)
  return ratios.length > 0 && Number.isFinite(sum) ? sum / ratios.length : NaN
}

/**
 * Share of ratios within 1 ± delta, 0–1, of those that are finite; NaN where there is none: what was not measured is neither within
 * nor without.
 */
export function shareWithin(ratios: ArrayLike<number>, delta: number): number {
  let within = 0
  let finite = 0
  for (let l = 0; l < ratios.length; l++) {
    if (!Number.isFinite(ratios[l]!)) continue
    finite++
    if (Math.abs(ratios[l]! - 1) <= delta) within++
  }
  return finite > 0 ? within / finite : NaN
}

/** `0 % of 3 blocks`, `100 % of 1 block; 2 more not finite`: a share with what it is of; a dash where there is no block. */
export function withinWords(ratios: ArrayLike<number>, delta: number): string {
  if (ratios.length === 0) return '–'
  const finite = Array.from(ratios).filter(Number.isFinite).length
  if (finite === 0) return `none of ${ratios.length} finite`
  const share = `${Math.round(100 * shareWithin(ratios, delta))} % of ${finite} ${finite === 1 ? 'block' : 'blocks'}`
  return finite === ratios.length ? share : `${share}; ${ratios.length - finite} more not finite`
}
