/** What an activation makes of normal numbers by their mean square. */
export interface CriticalActivation {
  /** E φ(√q z)². */
  readonly square: (q: number) => number
  /** E φ′(√q z)². */
  readonly slope: (q: number) => number
  /** Of one that is linear on both sides of 0: its mean square over what enters, at any. */
  readonly share?: number
}

/** Undefined for one whose critical line is not told. */
export function criticalActivation(kind: string, attributes: Readonly<Record<string, unknown>>): CriticalActivation | undefined {
  if (kind === 'tanh') return tanh
  if (kind === 'relu') return rectified(0)
  if (kind === 'abs') return rectified(-1)
  return kind === 'leaky-relu' ? rectified(Number(attributes['slope'])) : undefined
}

function rectified(below: number): CriticalActivation {
  const share = (1 + below * below) / 2
  return { square: (q) => share * q, slope: () => share, share }
}

/** The trapezoid rule, over a standard normal number and over what a function that dies away by 20 is read at. */
const grid = (reach: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => -reach + ((i + 0.5) * 2 * reach) / count)
const [NARROW, WIDE] = [grid(9, 360), grid(20, 400)]
const normal = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** E f(√q z). */
const mean = (q: number, of: (x: number) => number): number =>
  0.05 * NARROW.reduce((sum, z) => sum + normal(z) * of(Math.sqrt(q) * z), 0)

/** The same of a function that is narrow beside √q. */
const meanOfNarrow = (q: number, of: (x: number) => number): number =>
  (0.1 / Math.sqrt(q)) * WIDE.reduce((sum, x) => sum + normal(x / Math.sqrt(q)) * of(x), 0)

const fall = (x: number): number => 1 - Math.tanh(x) ** 2
const tanh: CriticalActivation = {
  square: (q) => (q < 1 ? mean(q, (x) => Math.tanh(x) ** 2) : 1 - meanOfNarrow(q, fall)),
  slope: (q) => (q < 1 ? mean : meanOfNarrow)(q, (x) => fall(x) ** 2),
}

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
