import type { CriticalActivation } from './critical-activation'

/** Where the mean square before an activation no longer changes from layer to layer, and what such a layer makes of a gradient's mean square. */
export interface FixedPoint {
  /** Infinite where it grows without end, NaN where any stays. */
  readonly square: number
  readonly chi: number
}

const TURNS = 200
const [FOUND, NONE] = [1e-10, 1e-14]

/**
 * q* = σ_w² E φ(√q* z)² + σ_b², and χ = σ_w² E φ′(√q* z)² there (Poole et al. 2016; Schoenholz et al. 2017, arXiv 1611.01232). Below 1 a gradient
 * dies away on its way back, above it grows; χ = 1 is the critical line.
 *
 * @param weights σ_w², a kernel entry's variance times the entries that one output sees. @param biases σ_b².
 */
export function fixedPoint({ square, slope, share }: CriticalActivation, weights: number, biases: number): FixedPoint {
  if (share !== undefined) return { square: linearFixedPoint(weights * share, biases), chi: weights * share }
  const next = (q: number): number => weights * square(q) + biases
  let q = Math.max(weights, biases)
  for (let turn = 0; turn < TURNS; turn++) {
    const one = next(q)
    if (Math.abs(one - q) <= FOUND * q + NONE) {
      q = one
      break
    }
    // Aitken's step, which is quick where the map comes near its fixed point slowly: along the critical line.
    const two = next(one)
    const bend = two - 2 * one + q
    const leap = q - (one - q) ** 2 / bend
    q = bend !== 0 && leap >= 0 && Number.isFinite(leap) ? leap : two
  }
  return { square: q, chi: weights * slope(q) }
}

/** Of q → gain·q + more. */
function linearFixedPoint(gain: number, more: number): number {
  if (Math.abs(gain - 1) < ROUNDING) return more > 0 ? Infinity : NaN
  return gain < 1 ? more / (1 - gain) : Infinity
}

const ROUNDING = 1e-9

/** σ_w beyond which no line is looked for: a sigmoid's lies above 10. */
const MOST = 100

/** σ_w on the critical line at these biases; NaN where there is none. */
export function criticalDeviation(activation: CriticalActivation, biases: number): number {
  let [low, high] = [1e-6, MOST]
  const chi = (deviation: number): number => fixedPoint(activation, deviation ** 2, biases).chi
  if (!(chi(low) < 1 && chi(high) > 1)) return NaN
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (chi(middle) < 1) low = middle
    else high = middle
  }
  return (low + high) / 2
}
