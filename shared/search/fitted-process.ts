import { inverse, rowOf } from './cholesky'
import { type AxisKinds, type Hyperparameters, type Process, apart, gaussianProcess, matern, observe } from './gaussian-process'

/** Natural logarithms between which amplitude, lengths and noise are looked for. */
const BOUNDS = {
  amplitude: [Math.log(0.05), Math.log(20)],
  length: [Math.log(0.05), Math.log(20)],
  noise: [Math.log(1e-6), 0],
} as const
/** Where the climb begins. */
const STARTS = [
  { length: Math.log(0.5), noise: Math.log(0.01) },
  { length: Math.log(0.2), noise: Math.log(0.1) },
  { length: Math.log(2), noise: Math.log(1e-3) },
] as const
/** Of each logarithm: the first step, the longest, and the one that no climb goes on with. */
const STEP = { first: 0.3, most: 1, least: 0.005 }
const MOST_STEPS = 80

/** The hyperparameters of the greatest likelihood, found by climbing from a few places; without chance. */
export function fittedProcess(
  points: readonly (readonly number[])[],
  y: readonly number[],
  kinds: AxisKinds,
): { process: Process; hyperparameters: Hyperparameters } | null {
  const distances = kinds.map((kind, axis) =>
    Float64Array.from(points.flatMap((a, i) => points.slice(0, i + 1).map((b) => apart(kind, a[axis]!, b[axis]!)))),
  )
  const bounds = [BOUNDS.amplitude, ...kinds.map(() => BOUNDS.length), BOUNDS.noise]
  let best: Place | undefined
  for (const start of STARTS) {
    const found = climbed([0, ...kinds.map(() => start.length), start.noise], bounds, (logs) => slopeAt(logs, distances, y))
    if (!best || found.likelihood > best.likelihood) best = found
  }
  const hyperparameters = read(best!.logs)
  const process = gaussianProcess(points, y, kinds, hyperparameters)
  return process && { process, hyperparameters }
}

interface Place {
  readonly logs: readonly number[]
  readonly likelihood: number
}

function read(logs: readonly number[]): Hyperparameters {
  const values = logs.map(Math.exp)
  return { amplitude: values[0]!, lengths: values.slice(1, -1), noise: values[values.length - 1]! }
}

/**
 * The best place that a climb comes to: along each logarithm by a step of its own, which grows while its slope keeps its sign and is halved where it changes
 * (Riedmiller and Braun 1993, "Rprop").
 */
function climbed(
  start: readonly number[],
  bounds: readonly (readonly [number, number])[],
  at: (logs: readonly number[]) => { likelihood: number; slopes: readonly number[] },
): Place {
  let best: Place = { logs: start, likelihood: -Infinity }
  let logs = start
  let before = start.map(() => 0)
  const steps = start.map(() => STEP.first)
  for (let step = 0; step < MOST_STEPS && steps.some((size) => size > STEP.least); step++) {
    const { likelihood, slopes } = at(logs)
    if (likelihood > best.likelihood) best = { logs, likelihood }
    const signs = slopes.map((slope, i) => {
      const turned = Math.sign(slope) * before[i]!
      if (turned > 0) steps[i] = Math.min(1.2 * steps[i]!, STEP.most)
      if (turned < 0) steps[i]! /= 2
      // What was passed is stepped back from once, with no word on the next step's size.
      return turned < 0 ? 0 : Math.sign(slope)
    })
    logs = logs.map((value, i) => {
      const [low, high] = bounds[i]!
      return Math.min(Math.max(value + steps[i]! * Math.sign(slopes[i]!), low), high)
    })
    before = signs
  }
  return best
}

/** log p(y|X) and its derivative by each logarithm (equation 5.9). @param distances Squared, along each axis. */
function slopeAt(
  logs: readonly number[],
  distances: readonly Float64Array[],
  y: readonly number[],
): { likelihood: number; slopes: number[] } {
  const { amplitude, lengths, noise } = read(logs)
  const size = rowOf(y.length)
  const [covariances, slopes] = [new Float64Array(size), new Float64Array(size)]
  distances.forEach((axis, at) => {
    const by = 5 / lengths[at]! ** 2
    for (let i = 0; i < size; i++) covariances[i]! += axis[i]! * by
  })
  for (let i = 0; i < size; i++) {
    const r = Math.sqrt(covariances[i]!)
    covariances[i] = matern(amplitude, r)
    // By the logarithm of a length, but for the squared distance in lengths along its axis.
    slopes[i] = ((5 * amplitude) / 3) * (1 + r) * Math.exp(-r)
  }
  const observed = observe(covariances, y, noise)
  if (!observed) return { likelihood: -Infinity, slopes: logs.map((_, i) => Number(i === logs.length - 1)) }
  const { factor, weights, likelihood } = observed
  const taken = inverse(factor, y.length)
  let [ofAmplitude, ofNoise] = [0, 0]
  for (let i = 0, at = 0; i < y.length; i++)
    for (let j = 0; j <= i; j++, at++) {
      const both = (weights[i]! * weights[j]! - taken[at]!) * (i === j ? 0.5 : 1)
      ofAmplitude += both * covariances[at]!
      if (i === j) ofNoise += both * noise
      slopes[at]! *= both
    }
  const ofLengths = distances.map((axis, at) => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += slopes[i]! * axis[i]!
    return sum / lengths[at]! ** 2
  })
  return { likelihood, slopes: [ofAmplitude, ...ofLengths, ofNoise] }
}
