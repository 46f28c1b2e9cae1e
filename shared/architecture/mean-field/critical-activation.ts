import { normalCdf } from '../../statistics/special'

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
  if (kind === 'sigmoid') return sigmoid
  if (kind === 'relu') return rectified(0)
  if (kind === 'abs') return rectified(-1)
  if (kind === 'leaky-relu') return rectified(Number(attributes['slope']))
  if (kind === 'clipped-relu') return clipped(Number(attributes['most']))
  return kind === 'hard-sigmoid' ? hardSigmoid : undefined
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

const step = (x: number): number => 1 / (1 + Math.exp(-x))
const rise = (x: number): number => step(x) * step(-x)
// σ² is σ less its slope, and half of all values are above ½.
const sigmoid: CriticalActivation = {
  square: (q) => 1 / 2 - (q < 1 ? mean : meanOfNarrow)(q, rise),
  slope: (q) => (q < 1 ? mean : meanOfNarrow)(q, (x) => rise(x) ** 2),
}

/** Of √q z between 0 and an end: how often it lies there, E z² of those, and how often it lies beyond. */
function upTo(end: number, q: number): { share: number; square: number; beyond: number } {
  const a = end / Math.sqrt(q)
  if (!Number.isFinite(a)) return { share: 1 / 2, square: 1 / 2, beyond: 0 }
  const beyond = normalCdf(-a)
  const share = 1 / 2 - beyond
  return { share, square: share - a * normal(a), beyond }
}

/** Of slope 1 from 0 to an end. */
const clipped = (most: number): CriticalActivation => ({
  square(q) {
    const { square, beyond } = upTo(most, q)
    return q * square + most * most * beyond
  },
  slope: (q) => upTo(most, q).share,
})

/** x/6 + ½ from −3 to 3. */
const hardSigmoid: CriticalActivation = {
  square(q) {
    const { share, square, beyond } = upTo(3, q)
    return (q * square) / 18 + share / 2 + beyond
  },
  slope: (q) => upTo(3, q).share / 18,
}
