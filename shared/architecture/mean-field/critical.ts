/** An activation with the square of its slope. */
export interface CriticalActivation {
  readonly value: (x: number) => number
  readonly slope: (x: number) => number
}

const rectified = (below: number): CriticalActivation => ({
  value: (x) => (x > 0 ? x : below * x),
  slope: (x) => (x > 0 ? 1 : below),
})

/** Undefined for one whose critical line is not told. */
export function criticalActivation(kind: string, attributes: Readonly<Record<string, unknown>>): CriticalActivation | undefined {
  if (kind === 'tanh') return { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 }
  if (kind === 'relu') return rectified(0)
  return kind === 'leaky-relu' ? rectified(Number(attributes['slope'])) : undefined
}

/** The trapezoid rule over a standard normal number; its points lie beside 0, where a rectifier's slope jumps. */
const [REACH, COUNT] = [9, 360]
const POINTS = Array.from({ length: COUNT }, (_, i) => {
  const step = (2 * REACH) / COUNT
  const z = -REACH + (i + 0.5) * step
  return { z, share: (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI) }
})

const mean = (of: (z: number) => number): number => POINTS.reduce((sum, { z, share }) => sum + share * of(z), 0)

/** Where the mean square before an activation no longer changes from layer to layer, and what such a layer makes of a gradient's mean square. */
export interface FixedPoint {
  /** Infinite where it grows without end. */
  readonly square: number
  readonly chi: number
}

const TURNS = 200
const [FOUND, NONE, LOST] = [1e-10, 1e-14, 1e6]
/** A rectifier has no slope at 0 itself. */
const LEAST = 1e-18

/**
 * q* = σ_w² E φ(√q* z)² + σ_b², and χ = σ_w² E φ′(√q* z)² there (Poole et al. 2016; Schoenholz et al. 2017, arXiv 1611.01232). Below 1 a gradient
 * dies away on its way back, above it grows; χ = 1 is the critical line.
 *
 * @param weights σ_w², a kernel entry's variance times the entries that one output sees. @param biases σ_b².
 */
export function fixedPoint({ value, slope }: CriticalActivation, weights: number, biases: number): FixedPoint {
  const next = (q: number): number => weights * mean((z) => value(Math.sqrt(q) * z) ** 2) + biases
  const of = (square: number): FixedPoint => ({
    square,
    chi: weights * mean((z) => slope(Math.sqrt(Math.max(LEAST, square)) * z) ** 2),
  })
  let q = Math.max(weights, biases)
  for (let turn = 0; turn < TURNS; turn++) {
    const one = next(q)
    const two = next(one)
    if (!(two < LOST)) break
    if (Math.abs(one - q) <= FOUND * q + NONE) return of(one)
    // Aitken's step, which is quick where the map comes near its fixed point slowly: along the critical line.
    const bend = two - 2 * one + q
    const leap = q - (one - q) ** 2 / bend
    q = bend !== 0 && leap >= 0 && Number.isFinite(leap) ? leap : two
  }
  return { square: Infinity, chi: of(1).chi }
}

/** σ_w on the critical line at these biases; NaN where none is below 10. */
export function criticalDeviation(activation: CriticalActivation, biases: number): number {
  let [low, high] = [1e-6, 10]
  const chi = (deviation: number): number => fixedPoint(activation, deviation ** 2, biases).chi
  if (!(chi(low) < 1 && chi(high) > 1)) return NaN
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (chi(middle) < 1) low = middle
    else high = middle
  }
  return (low + high) / 2
}
