/**
 * Singular values of an operator. Each stands for `times` equal ones: a 1×1 convolution does the same at every pixel, so its kernel's values
 * come as often as its input has pixels.
 */
export interface SingularValues {
  /** Descending, not negative. */
  readonly values: Float32Array
  readonly times: number
}

/** What singular values come to in one number each. NaN where the operator is zero and there is no such number. */
export interface SpectrumSummary {
  /** How many there are: the smaller side of the operator. */
  readonly count: number
  /** σ₁, the operator's norm, and the least of all. */
  readonly largest: number
  readonly smallest: number
  readonly median: number
  /** Root of the sum of squares, the Frobenius norm. */
  readonly frobenius: number
  /** σ₁/σₙ, infinite where the operator loses a direction. */
  readonly condition: number
  /** ‖A‖_F²/σ₁² (Rudelson and Vershynin 2007), from 1 to count. */
  readonly stableRank: number
  /** exp of the Shannon entropy of σᵢ/Σσ (Roy and Vetterli 2007, definition 1), from 1 to count. */
  readonly effectiveRank: number
  /** Entropy of σᵢ²/Σσ², over log count (Alter, Brown and Botstein 2000): 0 for one direction alone, 1 where all carry alike. */
  readonly entropy: number
  /** Share of the values within 1 ± delta, 0–1. */
  readonly withinOne: number
  /**
   * Distance to the nearest isometry (a partial one, where the operator is not square), root mean square over the directions: √(Σ(σᵢ − 1)²/count),
   * which is ‖A − UVᵀ‖_F/√count (Fan and Hoffman 1955).
   */
  readonly isometryDistance: number
}

const USUAL_DELTA = 0.1

/** @param delta Half of the interval around 1. */
export function summariseSpectrum({ values, times }: SingularValues, delta = USUAL_DELTA): SpectrumSummary {
  const n = values.length
  const count = n * times
  let [sum, squares, away, within] = [0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const value = values[i]!
    sum += value
    squares += value * value
    away += (value - 1) ** 2
    if (Math.abs(value - 1) <= delta) within++
  }
  const [largest, smallest] = [values[0] ?? NaN, values[n - 1] ?? NaN]
  return {
    ...{ count, largest, smallest },
    median: n === 0 ? NaN : (values[Math.floor((n - 1) / 2)]! + values[Math.floor(n / 2)]!) / 2,
    frobenius: Math.sqrt(squares * times),
    condition: largest > 0 ? largest / smallest : NaN,
    stableRank: (squares * times) / largest ** 2,
    effectiveRank: Math.exp(entropyOf(values, sum * times, 1, times)),
    entropy: count > 1 ? entropyOf(values, squares * times, 2, times) / Math.log(count) : NaN,
    withinOne: within / n,
    isometryDistance: Math.sqrt(away / n),
  }
}

/** −Σ p log p with p = σ^power/total, each `times` times. */
function entropyOf(values: Float32Array, total: number, power: 1 | 2, times: number): number {
  if (!(total > 0)) return NaN
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const p = (power === 1 ? values[i]! : values[i]! ** 2) / total
    if (p > 0) sum -= p * Math.log(p)
  }
  return sum * times
}

/** Quantiles from the largest (0) to the smallest (1), linear between neighbours: what a heat map shows of a layer. */
export function quantiles({ values }: SingularValues, points: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: points }, (_, i) => {
    const at = (i / (points - 1)) * (values.length - 1)
    const low = Math.floor(at)
    const [a, b] = [values[low]!, values[Math.min(low + 1, values.length - 1)]!]
    return a + (b - a) * (at - low)
  })
}
