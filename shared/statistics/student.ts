import { rootOf } from './root'
import { incompleteBeta, logGamma, normalCdf } from './special'

/** P(|T| > |t|) of Student's distribution. */
export function studentP(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t ** 2), freedom / 2, 0.5)
}

/** The t that |T| exceeds with this probability: 0.05 gives the factor of a 95 % interval. */
export function studentT(freedom: number, p = 0.05): number {
  // Over the logarithm of t the tail is close to a straight line.
  return Math.exp(rootOf((logT) => Math.log(studentP(Math.exp(logT), freedom)), Math.log(p), 0, 2))
}

/**
 * P(T ≤ t) of the noncentral distribution of (Z + δ)/√(V/ν): the mean of Φ(t·w − δ) over w = √(V/ν), whose density is
 * 2(ν/2)^(ν/2)/Γ(ν/2) · w^(ν−1) · exp(−νw²/2). The step of Φ at w = δ/t, which is 1/t wide, is integrated piece by piece.
 */
export function noncentralT(t: number, freedom: number, delta: number): number {
  const constant = Math.LN2 + (freedom / 2) * Math.log(freedom / 2) - logGamma(freedom / 2)
  const density = (w: number): number => Math.exp(constant + (freedom - 1) * Math.log(w) - (freedom * w ** 2) / 2)
  const spread = 9 / Math.sqrt(freedom)
  const [from, to] = [Math.max(0, 1 - spread), 1 + spread]
  const step = t === 0 ? [] : STEPS.map((place) => (delta + place) / t)
  const places = [...Array.from({ length: PANELS + 1 }, (_, i) => from + ((to - from) * i) / PANELS), ...step]
    .filter((w) => w >= from && w <= to)
    .sort((a, b) => a - b)
  let sum = 0
  for (let i = 1; i < places.length; i++) {
    const [middle, half] = [(places[i]! + places[i - 1]!) / 2, (places[i]! - places[i - 1]!) / 2]
    if (half === 0) continue
    for (const [node, weight] of NODES) {
      const w = middle + half * node
      sum += weight * half * density(w) * normalCdf(t * w - delta)
    }
  }
  return Math.min(1, Math.max(0, sum))
}

const PANELS = 16
const STEPS = [-8, -5, -3, -1.5, 0, 1.5, 3, 5, 8]

/** Places and weights of Gauss's rule on −1 … 1, by Newton's method on Legendre's polynomial. */
const NODES: readonly (readonly [number, number])[] = Array.from({ length: 10 }, (_, i) => {
  const order = 10
  let x = Math.cos((Math.PI * (i + 0.75)) / (order + 0.5))
  let slope = 1
  for (let round = 0; round < 10; round++) {
    let [before, here] = [1, x]
    for (let k = 2; k <= order; k++) [before, here] = [here, ((2 * k - 1) * x * here - (k - 1) * before) / k]
    slope = (order * (x * here - before)) / (x ** 2 - 1)
    x -= here / slope
  }
  return [x, 2 / ((1 - x ** 2) * slope ** 2)] as const
})
