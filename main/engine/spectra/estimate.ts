import type { Random } from '../../../shared/random'
import { Bidiagonalisation, type LinearMap } from './bidiagonal'
import { type RitzValue, ritzValues } from './ritz'

/** A value with what it may be off by. */
export interface Bounded {
  readonly value: number
  readonly error: number
}

export interface EstimateOptions {
  /** The error at which the extremes are good enough, relative to the largest value. */
  readonly tolerance: number
  /** Steps of the search for the extremes at most. */
  readonly steps: number
  /** Random vectors for the estimate of the spectrum; 0 for the extremes alone. */
  readonly probes: number
  /** Steps from each of them. */
  readonly probeSteps: number
}

/** How many of the values lie where, by stochastic Lanczos quadrature. */
export interface Density {
  /** Bounds of the bins, ascending, one more than there are bins. */
  readonly edges: Float64Array<ArrayBuffer>
  /** Share of all values in each bin, 0–1: mean over the probes, and the deviation between them. */
  readonly share: Float64Array<ArrayBuffer>
  readonly deviation: Float64Array<ArrayBuffer>
}

export interface Estimate {
  readonly largest: Bounded
  readonly smallest: Bounded
  /** Whether both extremes reached the tolerance. One that did not lies between 0 and the value where it is the smallest. */
  readonly isConverged: boolean
  readonly steps: number
  /** Root of the sum of all squares; the error is three standard errors over the probes. */
  readonly frobenius: Bounded
  readonly density: Density | null
}

/** Bins of a density. */
const BINS = 64
/** Random vectors for the norm, where nothing else is estimated: a product each. */
const NORM_PROBES = 8
/** Steps between two looks at how far the extremes are. */
const LOOK_EVERY = 5
/** Products in single precision are good to some such share of the largest value. */
const ROUNDING = 3e-6

/**
 * The extreme singular values of an operator by Lanczos bidiagonalisation, and an estimate of all by stochastic Lanczos quadrature
 * (Ubaru, Chen, Saad 2017; Lin, Saad, Yang 2016): of each probe the Ritz values with the weights that the probe has in their directions.
 */
export function estimateSpectrum(map: LinearMap, random: Random, options: EstimateOptions): Estimate {
  const isDensityWanted = options.probes > 0
  const [count, steps] = isDensityWanted ? [options.probes, options.probeSteps] : [NORM_PROBES, 1]
  const probes: RitzValue[][] = []
  let search: Bidiagonalisation | undefined
  for (let i = 0; i < count; i++) {
    const probe = new Bidiagonalisation(map, () => random.normal())
    while (probe.steps < steps && !probe.isExhausted) probe.step()
    probes.push(ritzValues(probe.result))
    // The first one goes on to the extremes.
    search ??= probe
  }
  const extremes = searchExtremes(search!, options)
  const norm = frobenius(probes, Math.min(map.inputs, map.outputs))
  return { ...extremes, frobenius: norm, density: isDensityWanted ? density(probes) : null }
}

function searchExtremes(
  search: Bidiagonalisation,
  { tolerance, steps }: EstimateOptions,
): Pick<Estimate, 'largest' | 'smallest' | 'isConverged' | 'steps'> {
  for (;;) {
    for (let i = 0; i < LOOK_EVERY && search.steps < steps && !search.isExhausted; i++) search.step()
    const values = ritzValues(search.result)
    const [largest, smallest] = [values[0]!, values[values.length - 1]!]
    const good = tolerance * largest.value
    const isConverged = search.isExhausted || (largest.error <= good && smallest.error <= good)
    if (!isConverged && search.steps < steps) continue
    const rounding = largest.value * ROUNDING
    const isSmallestGood = search.isExhausted || smallest.error <= good
    return {
      largest: { value: largest.value, error: (search.isExhausted ? 0 : largest.error) + rounding },
      // Whatever was found is no less than the smallest value.
      smallest: { value: smallest.value, error: isSmallestGood ? smallest.error + rounding : smallest.value },
      ...{ isConverged, steps: search.steps },
    }
  }
}

/** ‖A‖² is the mean of n‖A·v‖² over random unit vectors; of each probe that is what its quadrature gives for σ². */
function frobenius(probes: readonly (readonly RitzValue[])[], count: number): Bounded {
  const squares = probes.map((values) => count * values.reduce((sum, { value, weight }) => sum + weight * value * value, 0))
  const { mean, deviation } = spread(squares)
  const value = Math.sqrt(mean)
  const error =
    squares.length > 1 ? (3 * deviation) / Math.sqrt(squares.length) / (2 * Math.max(value, Number.MIN_VALUE)) : Infinity
  return { value, error }
}

function density(probes: readonly (readonly RitzValue[])[]): Density {
  const most = Math.max(...probes.flatMap((values) => values.map(({ value }) => value)))
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => (most * i) / BINS)
  const shares = probes.map((values) => {
    const bins = new Float64Array(BINS)
    for (const { value, weight } of values) bins[Math.min(Math.floor((value / (most || 1)) * BINS), BINS - 1)]! += weight
    return bins
  })
  const spreads = Array.from({ length: BINS }, (_, bin) => spread(shares.map((bins) => bins[bin]!)))
  return {
    edges,
    share: Float64Array.from(spreads, ({ mean }) => mean),
    deviation: Float64Array.from(spreads, ({ deviation }) => deviation),
  }
}

function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
