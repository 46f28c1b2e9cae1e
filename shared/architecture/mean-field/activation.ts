/** What an activation makes of two normal numbers of one mean. */
export interface Passed {
  readonly square: number
  readonly pair: number
  readonly mean: number
}

/** @param square Mean of both's squares. @param pair Mean of their product. @param mean Theirs, 0 where absent. */
export type ActivationMap = (square: number, pair: number, mean?: number) => Passed

/**
 * Of mean 0 and slope 1 above 0 and another below: q(1 + s²)/2, √(q/2π)(1 − s) and the arc-cosine kernel, with s = 0 that of ReLU (Cho and Saul 2009; Schoenholz et al. 2017 use
 * the same integrals).
 */
const rectified =
  (slope: number): ActivationMap =>
  (square, pair) => {
    const c = square > 0 ? Math.min(1, Math.max(-1, pair / square)) : 0
    const relu = (square / (2 * Math.PI)) * (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c)))
    return {
      square: (square * (1 + slope * slope)) / 2,
      pair: slope * slope * pair + slope * (1 - slope) * pair + (1 - slope) ** 2 * relu,
      mean: (1 - slope) * Math.sqrt(square / (2 * Math.PI)),
    }
  }

/**
 * Points of the sum over a function, and terms of the series in the correlation; the rest is added to the next one. A function of straight pieces wants more of both: where what enters it is
 * far wider than the pieces it is nearly a step.
 */
const SUMS = { smooth: { points: 48, terms: 14 }, bent: { points: 480, terms: 60 } }

interface Point {
  readonly z: number
  readonly weight: number
  readonly hermite: readonly number[]
}

/** Points and weights of a sum that integrates over a standard normal number, and Hermite's polynomials at them, orthonormal for it. */
const quadrature = ({ points, terms }: { readonly points: number; readonly terms: number }): Point[] => {
  // The trapezoid rule, which converges faster than any power for a smooth function that vanishes at both ends.
  const [reach, step] = [8, 16 / (points - 1)]
  return Array.from({ length: points }, (_, i) => {
    const z = -reach + i * step
    const hermite = [1, z]
    for (let n = 2; n <= terms; n++) hermite.push((z * hermite[n - 1]! - Math.sqrt(n - 1) * hermite[n - 2]!) / Math.sqrt(n))
    return { z, weight: (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI), hermite }
  })
}
const QUADRATURES = { smooth: quadrature(SUMS.smooth), bent: quadrature(SUMS.bent) }

/** Of any other: E φ(m + s·z)φ(m + s·z′) = Σ aₙ² cⁿ with aₙ the coefficients of φ(m + s·z) in Hermite's polynomials (Mehler's formula), m the mean and s the deviation. */
const summed =
  (activation: (x: number) => number, points: readonly Point[]): ActivationMap =>
  (square, pair, mean = 0) => {
    const variance = Math.max(0, square - mean * mean)
    const deviation = Math.sqrt(variance)
    const coefficients = new Float64Array(points[0]!.hermite.length)
    let passed = 0
    for (const { z, weight, hermite } of points) {
      const value = activation(mean + deviation * z)
      passed += weight * value * value
      for (let n = 0; n < coefficients.length; n++) coefficients[n] = coefficients[n]! + weight * value * hermite[n]!
    }
    const c = variance > 0 ? (pair - mean * mean) / variance : 0
    let [sum, rest, power] = [0, passed, 1]
    for (const coefficient of coefficients) {
      sum += coefficient * coefficient * power
      rest -= coefficient * coefficient
      power *= c
    }
    return { square: passed, pair: sum + Math.max(0, rest) * power, mean: coefficients[0]! }
  }

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const hardSigmoid = (x: number): number => Math.min(1, Math.max(0, x / 6 + 1 / 2))

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - tail * Math.exp(-x * x))
}

/** The map of a layer's kind, remembered for what comes again: places far from the edge are alike. */
export function activationMap(kind: string, attributes: Readonly<Record<string, unknown>>): ActivationMap | undefined {
  const below = slopeBelow(kind, attributes)
  const [smooth, bent] = [SMOOTH[kind], below === undefined ? BENT[kind]?.(attributes) : bentAtZero(below)]
  const activation = smooth ?? bent
  if (!activation) return undefined
  const map = summed(activation, smooth ? QUADRATURES.smooth : QUADRATURES.bent)
  const closed = below === undefined ? undefined : rectified(below)
  const known = new Map<string, Passed>()
  return (square, pair, mean = 0) => {
    if (closed && mean === 0) return closed(square, pair)
    const key = [square, pair, mean].map(Math.fround).join(' ')
    const found = known.get(key) ?? map(square, pair, mean)
    known.set(key, found)
    return found
  }
}

/** Of an activation of slope 1 above 0 and one slope below it, the latter. */
function slopeBelow(kind: string, attributes: Readonly<Record<string, unknown>>): number | undefined {
  if (kind === 'relu') return 0
  if (kind === 'abs') return -1
  return kind === 'leaky-relu' ? Number(attributes['slope']) : undefined
}

const bentAtZero =
  (below: number) =>
  (x: number): number =>
    x > 0 ? x : below * x

/** Whether an activation leaves as they are what is never below 0. */
export const passesPositive = (kind: string): boolean => slopeBelow(kind, { slope: 0 }) !== undefined

/** Whether what leaves it is never below 0. */
export const leavesPositive = (kind: string): boolean => kind === 'relu' || kind === 'abs'

const SMOOTH: Readonly<Record<string, (x: number) => number>> = {
  tanh: Math.tanh,
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  swish: (x) => x * sigmoid(x),
  gelu: (x) => (x * (1 + errorFunction(x / Math.SQRT2))) / 2,
  sigmoid,
}

/** Of straight pieces, or of pieces that meet at an angle. */
const BENT: Readonly<Record<string, (attributes: Readonly<Record<string, unknown>>) => (x: number) => number>> = {
  'clipped-relu':
    ({ most }) =>
    (x) =>
      Math.min(Number(most), Math.max(0, x)),
  'hard-sigmoid': () => hardSigmoid,
  'hard-swish': () => (x) => x * hardSigmoid(x),
}
