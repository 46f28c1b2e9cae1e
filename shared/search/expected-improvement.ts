/**
 * How much less than `best` a value is expected to be: (b − μ)·Φ(z) + σ·φ(z) with z = (b − μ)/σ (Jones, Schonlau and Welch 1998, equation 15).
 */
export function expectedImprovement(mean: number, deviation: number, best: number): number {
  const by = best - mean
  if (deviation <= 0) return Math.max(by, 0)
  const z = by / deviation
  return by * normalShare(z) + (deviation * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)
}

/** Φ(z) to 1e-15 of its value near 0, by its series there, and by Lentz's continued fraction in the tails (Abramowitz and Stegun 26.2.11, 26.2.14). */
function normalShare(z: number): number {
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
  const size = Math.abs(z)
  if (size < 3) {
    let [term, sum] = [size, size]
    for (let k = 3; term > sum * 1e-17; k += 2) {
      term *= (size * size) / k
      sum += term
    }
    return z < 0 ? 0.5 - density * sum : 0.5 + density * sum
  }
  let fraction = size
  for (let k = 120; k > 0; k--) fraction = size + k / fraction
  const tail = density / fraction
  return z < 0 ? tail : 1 - tail
}
