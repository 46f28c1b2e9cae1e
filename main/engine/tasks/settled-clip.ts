import type { ClippingOutcome } from '../../../shared/spectra/change'
import { type Grid, type Taps, transformKernel } from '../graph/kernel-transform'
import { singularValues } from '../graph/polar'
import { clipKernel } from '../graph/procrustes'
import { TensorGraph } from '../graph/tensor-graph'
import { Session } from '../tensorflow/session'

/** What a singular value may be off by, relative to the edge of the interval, and lie in it. */
const TOLERANCE = 1e-3
/**
 * From the second round on the values are put so far inside of the interval, as a share of its width: alternating projections come to the edge of
 * what they seek in no number of rounds, and to its inside in a few.
 */
const INSIDE = 0.05

export interface SettledClip {
  readonly values: Float32Array
  /** Of the first round; see `Repaired`. */
  readonly rank: number
  /** Null where the kernel was left alone. */
  readonly outcome: ClippingOutcome | null
}

/**
 * A convolution's kernel whose singular values lie in an interval: clipped at each frequency and cropped to its taps, again and again (alternating
 * projections, von Neumann 1950; Escalante and Raydan 2011), until they stay inside or the rounds are over. Above an interval's end that always comes to
 * rest; that values below it can be raised is not said, since kernels of so few taps with a least value may be far.
 */
export function settledClip(
  { shape, values, ...taps }: Taps & { readonly shape: readonly number[]; readonly values: Float32Array },
  grid: Grid,
  { interval, rounds }: { readonly interval: readonly [number, number]; readonly rounds: number },
  tell: (round: number) => void = () => undefined,
): SettledClip {
  const [least, greatest] = interval
  const margin = INSIDE * (greatest - least)
  // Values below nothing there are not, so that an end at 0 is none.
  const inner = [least === 0 ? 0 : least + margin, greatest - margin] as const
  const g = new TensorGraph()
  const kernel = g.placeholder('kernel', shape)
  const made = [interval, inner].map((one, i) => {
    const { kernel: clipped, rank } = clipKernel(g, kernel, grid, one, taps)
    return [g.named(`clipped${i}`, clipped).id, g.named(`rank${i}`, rank).id]
  })
  const { matrices, weights } = transformKernel(g, kernel, grid, taps)
  const found = g.named('values', g.cast(singularValues(g, matrices), 'float')).id
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 1, isOnCpu: true })
  try {
    const [first, rank] = session.run({ kernel: { shape, values } }, made[0]!) as [Float32Array, Float32Array]
    if (rank[0]! < 0) return { values: first, rank: rank[0]!, outcome: null }
    let now = first
    for (let round = 1; ; round++) {
      tell(round)
      const [all] = session.run({ kernel: { shape, values: now } }, [found]) as [Float32Array]
      const outcome = { rounds: round, ...rangeOf(all, weights, interval) }
      if (outcome.outside === 0 || round >= rounds) return { values: now, rank: rank[0]!, outcome }
      now = (session.run({ kernel: { shape, values: now } }, made[1]!) as [Float32Array])[0]
    }
  } finally {
    session.close()
  }
}

/** Extremes of the values of each matrix, and the share of those outside; a matrix counts as often as it stands for frequencies. */
function rangeOf(
  values: Float32Array,
  weights: readonly number[],
  [low, high]: readonly [number, number],
): Omit<ClippingOutcome, 'rounds'> {
  const each = values.length / weights.length
  let [least, greatest, outside] = [Infinity, 0, 0]
  values.forEach((value, i) => {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
    if (value < low * (1 - TOLERANCE) || value > high * (1 + TOLERANCE)) outside += weights[Math.floor(i / each)]!
  })
  return { least, greatest, outside: outside / (each * weights.reduce((a, b) => a + b, 0)) }
}
