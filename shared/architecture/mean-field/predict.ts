import { elements } from '../../ops/op'
import type { Configuration, Initialiser, InitialValues } from '../../configuration'
import type { Signal } from '../../norms/signal'
import { padsAround, type Sliding } from '../../ops/padding'
import { branchOf } from '../branch'
import { branchEnds } from '../branch-ends'
import { boundaries, expand, type ExpandedNetwork, type Layer } from '../expand'
import { activationMap, type ActivationMap, leavesPositive, passesPositive } from './activation'
import {
  average,
  channelsOf,
  type Field,
  joined,
  placewise,
  squaredMean,
  strided,
  type Taps,
  uniformField,
  windowed,
} from './field'
import { kernelVariance } from './kernel-variance'

/** What the initial values are drawn by. */
export interface SignalStart {
  readonly init: Initialiser
  /** Of the biases; 0 where absent. */
  readonly biasDeviation?: number
  /** Whether each kernel is scaled to unit variance. */
  readonly lsuv?: boolean
  /** Parameters that start at 0 in place of what they would, by their names. */
  readonly zeroed?: ReadonlySet<string>
}

/**
 * The signal as mean-field theory has it before any training, from what enters the first unit on: wide layers, weights drawn apart from one another. Plain
 * networks follow the length and correlation maps (Poole et al. 2016; Schoenholz et al. 2017), place by place, with the zeros around the image; in
 * residual ones what a branch adds is added to the variance, and norm layers set it back (De and Smith 2020; Brock, De and Smith 2021).
 *
 * @param first What is measured at the first boundary.
 * @returns NaN for what the theory says nothing of: behind pooling, say. Null where there is no unit.
 */
export function predictSignal(
  network: ExpandedNetwork,
  start: SignalStart,
  first: { readonly meanSquare: number; readonly variance: number },
): Signal | null {
  const places = boundaries(network)
  if (places.length === 0) return null
  const fields = new Map<number, Field>()
  const from = places[0]!
  fields.set(from, anchored(network.layers[from]!, first))
  const last = places[places.length - 1]!
  for (let i = from + 1; i <= last; i++) {
    const layer = network.layers[i]!
    const entering = layer.inputs.map((input) => fields.get(input))
    const isKnown = entering.every((field) => field !== undefined)
    const left = startsAtZero(layer, start)
      ? uniformField(...sides(layer.shape), 0, 0, 0)
      : isKnown
        ? through(layer, entering as Field[], start)
        : afresh(layer, entering)
    if (left) fields.set(i, left)
  }
  const of = (layer: number | undefined, what: (field: Field) => number): number => {
    const field = layer === undefined ? undefined : fields.get(layer)
    return field ? what(field) : NaN
  }
  const variance = (field: Field): number => average(field.square) - squaredMean(field)
  return {
    meanSquares: Float32Array.from(places, (layer) => of(layer, ({ square }) => average(square))),
    variances: Float32Array.from(places, (layer) => of(layer, variance)),
    branchVariances: Float32Array.from(network.units, (unit) => of(branchOf(network, unit)?.end, variance)),
  }
}

/** The same for a run's settings, from what was measured of it before its first update. */
export function foreseenSignal(
  network: ExpandedNetwork,
  { zeroGamma, ...start }: InitialValues,
  measured: Signal,
): Signal | null {
  const ends = zeroGamma ? branchEnds(network) : []
  const zeroed = new Set(ends.map(({ layer, parameter }) => `${network.layers[layer]!.name}.${parameter}`))
  const first = { meanSquare: measured.meanSquares[0]!, variance: measured.variances[0]! }
  return predictSignal(network, { ...start, zeroed }, first)
}

/** The same for a run, from what its first step looked at; null where theory says nothing of its start: of weights that were brought, and of repairs at the start. */
export function foreseenOfRun(
  { network, training, weights }: Pick<Configuration, 'network' | 'training' | 'weights'>,
  first: Signal | null,
): Signal | null {
  if (!first || weights !== undefined || training.projection.atStart || training.whitening.atStart) return null
  return foreseenSignal(expand(network), training, first)
}

/** What enters the first unit, alike at all places. Behind an activation its mean over the channels is what that makes of a normal number. */
function anchored({ shape, op, attributes }: Layer, { meanSquare, variance }: { meanSquare: number; variance: number }): Field {
  const [height, width] = sides(shape)
  const map = activationMap(op.kind, attributes)
  const field = uniformField(height, width, meanSquare, meanSquare - variance, map ? meanBehind(map, meanSquare) : 0)
  return { ...field, isPositive: leavesPositive(op.kind) }
}

/** The mean behind an activation where this is the mean square there, found by halving. */
function meanBehind(map: ActivationMap, square: number): number {
  let [low, high] = [0, 1]
  while (high < 1e12 && map(high, 0).square < square) high *= 4
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (map(middle, 0).square < square) low = middle
    else high = middle
  }
  return map(high, 0).mean
}

/** A layer with a parameter at zero, whichever its branch ends in, lets nothing through: the parameters beside it start at zero too. */
const startsAtZero = ({ name, parameters }: Layer, { zeroed }: SignalStart): boolean =>
  zeroed !== undefined && parameters.some((parameter) => zeroed.has(`${name}.${parameter.name}`))

const sides = (shape: readonly number[]): readonly [number, number] => (shape.length === 3 ? [shape[0]!, shape[1]!] : [1, 1])

function through(layer: Layer, entering: readonly Field[], start: SignalStart): Field | undefined {
  const { op, attributes } = layer
  const x = entering[0]!
  const map = activationMap(op.kind, attributes)
  if (map) return activated(x, op.kind, map)
  switch (op.kind) {
    case 'conv2d':
    case 'ws-conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return weighted(layer, x, start)
    case 'skew-conv2d':
    case 'orthogonal-conv2d': {
      // What enters keeps its norm, or where fewer numbers leave, their share of it.
      const [entered, left] = [layer.inputShapes[0]!, layer.shape].map((shape) => elements(shape))
      const gain = Math.min(1, entered! / left!)
      return shifted(layer, uniformField(...sides(layer.shape), gain * average(x.square), gain * average(x.pair), 0), start)
    }
    case 'batch-norm':
      return batchNormed(x, scaleOf(layer))
    case 'layer-norm':
      return attributes['over'] === 'channels' ? placesNormed(x, scaleOf(layer), true) : layerNormed(x, scaleOf(layer))
    case 'group-norm':
      return layerNormed(x, scaleOf(layer))
    case 'rms-norm':
      return placesNormed(x, scaleOf(layer), false)
    case 'position': {
      // The same for all images, so that it is in the products of two as well.
      const more = Number(attributes['deviation']) ** 2
      return placewise(x, (square, pair, mean) => [square + more, pair + more, mean])
    }
    case 'class-token': {
      const more = Number(attributes['deviation']) ** 2
      const [height, tokens] = [layer.shape[0]!, Number(attributes['tokens'])]
      const behind = (first: number, own: Float64Array): Float64Array =>
        Float64Array.from({ length: height }, (_, i) => (i < tokens ? first : own[i - tokens]!))
      return { height, width: 1, square: behind(more, x.square), pair: behind(more, x.pair), mean: behind(0, x.mean) }
    }
    case 'token': {
      const place = Number(attributes['place'])
      return uniformField(1, 1, x.square[place]!, x.pair[place]!, x.mean[place]!)
    }
    case 'scale':
      return scaled(x, Number(attributes['value']))
    case 'shift': {
      const by = Number(attributes['value'])
      if (by === 0) return x
      return placewise(x, (square, pair, mean) => {
        const more = 2 * by * mean + by * by
        return [square + more, pair + more, mean + by]
      })
    }
    case 'dropout':
      return placewise(x, (square, pair, mean) => [square / (1 - Number(attributes['rate'])), pair, mean])
    case 'duplicate':
      return x
    case 'channels':
      return channelsOf(x, Number(attributes['first']), Number(attributes['count']))
    case 'add':
      return entering.slice(1).reduce(added, x)
    case 'concatenate':
      return joined(entering.map((field, i) => ({ field, channels: layer.inputShapes[i]!.at(-1)! })))
    case 'padding-shortcut': {
      const share = layer.inputShapes[0]![2]! / layer.shape[2]!
      const kept = strided(x, ...sides(layer.shape), Number(attributes['stride']))
      const wider = placewise(kept, (square, pair, mean) => [square * share, pair * share, mean * share])
      return { ...wider, isPositive: x.isPositive }
    }
    default:
      return undefined
  }
}

/** Behind what the theory says nothing of, as of a gate: a batch norm sets mean and variance whatever came in. */
function afresh(layer: Layer, entering: readonly (Field | undefined)[]): Field | undefined {
  // Whatever weighs nothing.
  if (layer.op.kind === 'multiply' && entering.some((field) => field && isZero(field)))
    return uniformField(...sides(layer.shape), 0, 0, 0)
  return layer.op.kind === 'batch-norm' ? uniformField(...sides(layer.shape), scaleOf(layer) ** 2, 0, 0) : undefined
}

/** What enters is taken as normal, with the mean that it has: behind a sum of what an activation left that is nearly so. */
function activated(x: Field, kind: string, map: ActivationMap): Field {
  if (x.isPositive && passesPositive(kind)) return x
  const found = placewise(x, (square, pair, mean) => {
    const passed = map(square, pair, mean)
    return [passed.square, passed.pair, passed.mean]
  })
  return { ...found, isPositive: leavesPositive(kind) }
}

function weighted(layer: Layer, x: Field, start: SignalStart): Field {
  const drawn = shifted(layer, linear(layer, x, start), start)
  const square = average(drawn.square)
  return start.lsuv && square > 0 ? scaled(drawn, 1 / Math.sqrt(square)) : drawn
}

/** With the layer's biases: the same for all images and places, so that their variance is in the products of two as well. */
function shifted({ parameters }: Layer, field: Field, { biasDeviation = 0 }: SignalStart): Field {
  if (biasDeviation === 0 || !parameters.some(({ role }) => role === 'bias')) return field
  const more = biasDeviation ** 2
  return placewise(field, (square, pair, mean) => [square + more, pair + more, mean])
}

/** What leaves a layer whose kernel is as it was drawn. */
function linear(layer: Layer, x: Field, { init }: SignalStart): Field {
  const { op, parameters, shape } = layer
  const kernel = parameters.find(({ role }) => role === 'kernel')!
  const [height, width] = sides(shape)
  const { variance, isCentral } = kernelVariance(layer, kernel, init)
  if (op.kind === 'dense') {
    // It sees every place of what was flattened.
    const gain = variance * kernel.shape[0]!
    return uniformField(1, 1, gain * average(x.square), gain * average(x.pair), 0)
  }
  const taps = tapsOf(layer)
  // A depthwise kernel is [kh, kw, channels, multiplier]: a filter sees one channel.
  const seen = op.kind === 'depthwise-conv2d' ? 1 : kernel.shape[2]!
  if (isCentral && op.kind !== 'ws-conv2d') {
    const middle = Math.floor((taps.size - 1) / 2)
    const [above, left] = taps.before
    const by = middle * taps.dilation
    return windowed(x, height, width, { ...taps, size: 1, before: [above - by, left - by] }, variance * seen)
  }
  if (op.kind !== 'ws-conv2d') return windowed(x, height, width, taps, variance * seen)
  // Standardised filters have norm 1 and mean 0: they see nothing of the channels' common mean.
  return windowed(x, height, width, taps, 1 / (taps.size * taps.size), true)
}

function tapsOf({ attributes, inputShapes }: Layer): Taps {
  const sliding = { zeros: 0, padding: 'same', ...attributes } as Sliding
  const [[above], [left]] = padsAround(sliding, inputShapes[0]!) as [[number, number], [number, number]]
  return { size: sliding.size, stride: sliding.stride, dilation: sliding.dilation ?? 1, before: [above, left] }
}

/** Of a norm's γ at the start. */
function scaleOf({ parameters }: Layer): number {
  const scale = parameters.find(({ role }) => role === 'scale')
  return scale && 'value' in scale.start ? scale.start.value : 1
}

const scaled = (x: Field, by: number): Field =>
  placewise(x, (square, pair, mean) => [square * by * by, pair * by * by, mean * by])

/** Each channel's mean over images and places is taken out, and what is left has variance γ². */
function batchNormed(x: Field, gamma: number): Field {
  const common = squaredMean(x)
  const mean = Math.sqrt(common)
  const spread = average(x.square) - common
  if (!(spread > 0)) return uniformField(x.height, x.width, gamma ** 2, 0, 0)
  const by = gamma ** 2 / spread
  return placewise(x, (square, pair) => {
    const apart = Math.sqrt(Math.max(0, pair)) - mean
    return [Math.max(0, square - pair + apart * apart) * by, apart * apart * by, 0]
  })
}

/** Each image's mean is taken out, and what is left has mean square γ². */
function layerNormed(x: Field, gamma: number): Field {
  const whole = average(x.mean)
  const by = gamma ** 2 / (average(x.square) - whole * whole)
  return placewise(x, (square, pair, mean) => {
    const less = whole * (2 * mean - whole)
    return [(square - less) * by, (pair - less) * by, (mean - whole) * Math.sqrt(by)]
  })
}

/** At each place the mean over the channels is taken out, of a layer norm, and what is left has mean square γ². */
function placesNormed(x: Field, gamma: number, isCentred: boolean): Field {
  return placewise(x, (square, pair, mean) => {
    const common = isCentred ? mean * mean : 0
    const by = gamma ** 2 / (square - common)
    return [gamma ** 2, (pair - common) * by, isCentred ? 0 : mean * Math.sqrt(by)]
  })
}

const isZero = ({ square }: Field): boolean => average(square) === 0

/** Values that came by other weights: their products have the means' product for a mean. */
function added(a: Field, b: Field): Field {
  if (isZero(a)) return b
  if (isZero(b)) return a
  const both = Array.from(a.mean, (mean, i) => 2 * mean * b.mean[i]!)
  const sum = (one: Float64Array, other: Float64Array, more?: readonly number[]): Float64Array =>
    one.map((value, i) => value + other[i]! + (more?.[i] ?? 0))
  const { height, width } = a
  const isPositive = a.isPositive && b.isPositive
  return { height, width, square: sum(a.square, b.square, both), pair: sum(a.pair, b.pair, both), mean: sum(a.mean, b.mean), isPositive } // prettier-ignore
}
