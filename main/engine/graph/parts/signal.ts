import { boundaries, branchOf, type ExpandedNetwork } from '../../../../shared/architecture'
import { type Signal } from '../../../../shared/norms/signal'
import type { Tensor } from '../../../../shared/ops/graph'
import type { GraphContext } from './context'
import { PROBE } from './probes'
import type { TrainingPass } from './training-pass'

/** Layers whose values are looked at: the boundaries, then the ends of the units' branches, with NaN's place for a unit without one. */
function lookedAt(network: ExpandedNetwork): {
  readonly boundaries: readonly number[]
  readonly ends: readonly (number | undefined)[]
} {
  return { boundaries: boundaries(network), ends: network.units.map((unit) => branchOf(network, unit)?.end) }
}

/**
 * Mean and variance of each channel of each value, behind one another, for every part of the batch. Deviations are taken from the mean, so that
 * a variance that is small beside the mean square is exact; the rest is worked out in double precision by `readMoments`.
 */
export function signalProbe({ g, network }: GraphContext, { forward }: TrainingPass): void {
  const { boundaries: values, ends } = lookedAt(network)
  const layers = [...new Set([...values, ...ends.flatMap((end) => end ?? [])])]
  if (layers.length === 0) return
  const moments = g.onEach(() =>
    layers.map((layer) => {
      const x = forward.results[layer]!.output
      const axes = x.shape.slice(1).map((_, axis) => axis)
      const mean = g.meanOver(x, axes)
      const variance = g.meanOver(g.square(g.subtract(x, mean)), axes)
      const channels = x.shape[x.shape.length - 1]!
      return [g.reshape(mean, [1, channels]), g.reshape(variance, [1, channels])]
    }),
  )
  const all = moments.flat()
  const length = all.reduce((sum, { shape }) => sum + shape[1]!, 0)
  const whole: Tensor = g.onEach(() => g.concatenate(all, 1, [1, length]))
  g.named(PROBE.signal, g.gather(whole))
}

/** What the probe found, as a signal: parts of one size are put together as Chan, Golub and LeVeque (1979) have it. */
export function readMoments(network: ExpandedNetwork, found: Float32Array, parts: number): Signal {
  const { boundaries: values, ends } = lookedAt(network)
  const length = found.length / parts
  const known = new Map<number, { meanSquare: number; variance: number }>()
  let at = 0
  for (const layer of new Set([...values, ...ends.flatMap((end) => end ?? [])])) {
    const { shape } = network.layers[layer]!
    const channels = shape[shape.length - 1]!
    let [squares, variances] = [0, 0]
    for (let channel = 0; channel < channels; channel++) {
      const ofPart = (part: number): [number, number] => {
        const place = part * length + at + channel
        return [found[place]!, found[place + channels]!]
      }
      let [mean, within, square] = [0, 0, 0]
      for (let part = 0; part < parts; part++) {
        const [partMean, partVariance] = ofPart(part)
        mean += partMean / parts
        within += partVariance / parts
        square += partMean ** 2 / parts
      }
      let between = 0
      if (parts > 1) for (let part = 0; part < parts; part++) between += (ofPart(part)[0] - mean) ** 2 / parts
      squares += square + within
      variances += within + between
    }
    known.set(layer, { meanSquare: squares / channels, variance: variances / channels })
    at += 2 * channels
  }
  return {
    meanSquares: Float32Array.from(values, (layer) => known.get(layer)!.meanSquare),
    variances: Float32Array.from(values, (layer) => known.get(layer)!.variance),
    branchVariances: Float32Array.from(ends, (end) => (end === undefined ? NaN : known.get(end)!.variance)),
  }
}
