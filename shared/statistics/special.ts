/** ln Γ(x) of x > 0, to 1e-14 of its size (Lanczos 1964, with Godfrey's coefficients for g = 7). */
export function logGamma(x: number): number {
  const t = x + 6.5
  const sum = LANCZOS.reduce((total, coefficient, i) => total + coefficient / (x + i), 0.999_999_999_999_809_9)
  return (x - 0.5) * Math.log(t) - t + Math.log(Math.sqrt(2 * Math.PI) * sum)
}
const LANCZOS = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6, 12.507_343_278_686_905,
  -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
] // prettier-ignore

/** Regularised incomplete beta function I_x(a, b): the continued fraction 8.17.22 of the DLMF, by Lentz's method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  const fraction = continuedFraction((m) => {
    const half = m >> 1
    if (m % 2 === 0) return (half * (b - half) * x) / ((a + m - 1) * (a + m))
    return (-(a + half) * (a + b + half) * x) / ((a + m - 1) * (a + m))
  })
  return front / fraction
}

/** 1 + d₁/(1 + d₂/(1 + …)) */
function continuedFraction(part: (m: number) => number): number {
  const LEAST = 1e-300
  let [value, c, d] = [1, 1, 0]
  for (let m = 1; m < 10_000; m++) {
    d = 1 / (1 + part(m) * d || LEAST)
    c = 1 + part(m) / c || LEAST
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return value
}

/** Φ(x) of the standard normal distribution: its series about 0, and Mills's continued fraction in the tails (Abramowitz and Stegun 26.2.11 and 26.2.14). */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x)
  const density = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)
  if (x < -3.5) {
    let rest = -x
    for (let k = 60; k > 0; k--) rest = -x + k / rest
    return density / rest
  }
  let [term, sum] = [x, x]
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= x ** 2 / k
    sum += term
  }
  return 0.5 + density * sum
}
