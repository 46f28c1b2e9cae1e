import type { Hdf5Array } from '../../formats/hdf5'
import { clipped } from './clipped'
import { groupNormLayer } from './group-norm'
import type { KerasCall, KerasSource } from './keras-calls'
import { item, pad } from './keras-parts'
import { constant, normalisation, ofChannels, plusNumber, timesNumber } from './keras-numbers'
import { globalAveragePool, globalMaxPool, joinedRows } from './keras-pooling'
import { denseOfEach, multiHead, position, reshape } from './keras-tokens'
import type { ForeignTensor, ForeignTensors, LayerList } from './network'
import type { SlidingWindow, WindowAttributes } from './windows'

export type Settings = Readonly<Record<string, unknown>>

/** How Keras has what leaves a layer: [height, width, channels], [places, channels], or one row of it. */
export type KerasAxes = 'image' | 'tokens' | 'features'
/** Where a layer's value is, and in which axes. */
export interface KerasPlace {
  readonly at: number
  readonly axes: KerasAxes
}

export type KerasOutcome =
  | {
      /** One of ours; `nothing` for a layer that leaves its value as it is. */
      readonly kind: string
      readonly attributes?: Settings
      readonly tensors?: ForeignTensors
      /** That the layer has in it. */
      readonly activation?: string
      readonly approximated?: string
      /** Layers behind it that the same layer of Keras has in it. */
      readonly then?: readonly { readonly kind: string; readonly attributes?: Settings; readonly tensors?: ForeignTensors }[]
      /** The axes of what leaves it, where they are others than before. */
      readonly leaves?: KerasAxes
    }
  | {
      /** Several layers of ours. @returns the place of the last one. */
      readonly build: (list: LayerList, name: string) => number
      readonly leaves: KerasAxes
    }
  | { readonly why: string }

export interface KerasWorld {
  /** The layer's weights, by their places. */
  stored(at: number): Hdf5Array | undefined
  /** Those of a layer that it has in it. */
  storedIn(part: string, at: number): Hdf5Array | undefined
  padding(window: SlidingWindow, isPool: boolean): WindowAttributes | undefined
  /** Height, width and channels of what enters, or the features alone; undefined where that cannot be told. */
  readonly shape: readonly number[] | undefined
  /** Where the values that enter are. */
  readonly places: readonly number[]
  /** In which axes the first one does. */
  readonly axes: KerasAxes
  readonly call: KerasCall
  readonly list: LayerList
  /** The value of a layer that enters. */
  taken(source: KerasSource): KerasPlace | undefined
  /** It is one of `keras.ops`, and no layer. */
  readonly isOperation: boolean
}

/** Keras's activations that are layers here. */
export const activationKinds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    relu: 'relu',
    relu6: 'clipped-relu',
    elu: 'elu',
    tanh: 'tanh',
    swish: 'swish',
    silu: 'swish',
    gelu: 'gelu',
    sigmoid: 'sigmoid',
    hard_sigmoid: 'hard-sigmoid',
    hard_swish: 'hard-swish',
    hard_silu: 'hard-swish',
    leaky_relu: 'leaky-relu',
  }),
)

const own = (array: Hdf5Array): ForeignTensor => ({ shape: array.shape, order: 'own', read: () => array.read() })
const activationOf = (config: Settings): string =>
  typeof config['activation'] === 'string' ? config['activation'] : 'an activation of its own'

const isSquare = (pair: unknown): pair is readonly [number, number] =>
  Array.isArray(pair) && pair.length === 2 && pair[0] === pair[1] && Number.isSafeInteger(pair[0]) && pair[0] > 0

/** A window with equal sides and steps, or why it has none. */
function windowOf(config: Settings, sizes: string): SlidingWindow | { readonly why: string } {
  const both = (name: string): unknown => config[name] ?? (name === 'strides' ? both(sizes) : [1, 1])
  const [size, stride, dilation] = [both(sizes), both('strides'), both('dilation_rate')]
  if (!isSquare(size) || !isSquare(stride) || !isSquare(dilation))
    return { why: 'its window or its steps are not the same along both sides' }
  return { size: size[0], stride: stride[0], dilation: dilation[0] }
}

/** What a layer of Keras's becomes here. */
export type Make = (config: Settings, world: KerasWorld) => KerasOutcome

const convolution =
  (isDepthwise: boolean): Make =>
  (config, { stored, padding }) => {
    const window = windowOf(config, 'kernel_size')
    if ('why' in window) return window
    const around = padding(window, false)
    const [kernel, bias] = [stored(0), config['use_bias'] === false ? undefined : stored(1)]
    if (!around || !['same', 'valid'].includes(String(config['padding']))) return { why: 'there is no such padding here' }
    if (!kernel) return NO_WEIGHTS
    if (isDepthwise && window.dilation !== 1) return { why: 'its kernel has gaps' }
    const { size, stride, dilation } = window
    const multiplier = config['depth_multiplier']
    const attributes = {
      ...(isDepthwise ? multiplier !== 1 && { multiplier } : { filters: config['filters'] }),
      ...(size !== 3 && { size }),
      ...(stride !== 1 && { stride }),
      ...(dilation !== 1 && { dilation }),
      ...around,
      ...(!isDepthwise && config['groups'] !== undefined && config['groups'] !== 1 && { groups: config['groups'] }),
      ...(bias && { bias: true }),
    }
    return {
      kind: isDepthwise ? 'depthwise-conv2d' : 'conv2d',
      attributes,
      tensors: { kernel: own(kernel), ...(bias && { bias: own(bias) }) },
      activation: activationOf(config),
    }
  }

/** A depthwise convolution, and one of single pixels behind it. */
const separable: Make = (config, world) => {
  const first = convolution(true)({ ...config, use_bias: false }, world)
  const [kernel, bias] = [world.stored(1), config['use_bias'] === false ? undefined : world.stored(2)]
  if ('why' in first) return first
  if (!kernel) return NO_WEIGHTS
  const attributes = { filters: config['filters'], size: 1, ...(bias && { bias: true }) }
  const tensors = { kernel: own(kernel), ...(bias && { bias: own(bias) }) }
  return { ...first, then: [{ kind: 'conv2d', attributes, tensors }] }
}

const pool =
  (kind: 'max-pool' | 'average-pool'): Make =>
  (config, { padding }) => {
    const window = windowOf(config, 'pool_size')
    if ('why' in window) return window
    const around = padding(window, true)
    return around
      ? { kind, attributes: { size: window.size, stride: window.stride, ...around } }
      : { why: 'there is no such padding here' }
  }

/** Whether an axis, or a list of it alone, is the last one. */
function isLast(axis: unknown, { axes }: KerasWorld): boolean {
  const one = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis
  return one === -1 || one === { image: 3, tokens: 2, features: 1 }[axes]
}

/** Scale and shift, ones and zeros in the place of one that it has not, and where its other weights begin. */
function affineOf(
  config: Settings,
  { stored, shape }: KerasWorld,
): { scale: ForeignTensor; shift: ForeignTensor; next: number } | undefined {
  const channels = shape?.at(-1) ?? 0
  let next = 0
  const [scale, shift] = (['scale', 'center'] as const).map((name, at) => {
    if (config[name] === false) return constant(1 - at, channels)
    const found = stored(next++)
    return found && own(found)
  })
  return scale && shift ? { scale, shift, next } : undefined
}

const NO_WEIGHTS = { why: 'its weights are not in the file' } as const

const batchNorm: Make = (config, world) => {
  const { stored, shape } = world
  if (!isLast(config['axis'] ?? -1, world)) return { why: `it is along axis ${String(config['axis'])}` }
  if (!shape) return { why: 'the number of its channels cannot be told' }
  const affine = affineOf(config, world)
  const [mean, variance] = affine ? [stored(affine.next), stored(affine.next + 1)] : []
  if (!affine || !mean || !variance) return NO_WEIGHTS
  const { epsilon, momentum } = config
  return {
    kind: 'batch-norm',
    attributes: { ...(epsilon !== 1e-5 && { epsilon }), ...(momentum !== 0.9 && { momentum }) },
    tensors: { scale: affine.scale, shift: affine.shift, mean: own(mean), variance: own(variance) },
  }
}

/** Its scale and shift are a channel's. */
const groupNorm: Make = (config, world) => {
  const { groups, epsilon = 1e-3, axis = -1 } = config
  if (!isLast(axis, world)) return { why: `it is along axis ${String(axis)}` }
  const affine = affineOf(config, world)
  return affine ? { ...groupNormLayer(groups, epsilon), tensors: { scale: affine.scale, shift: affine.shift } } : NO_WEIGHTS
}

/** Over the features of a row, or the channels of each place. */
const layerNorm: Make = (config, world) => {
  const { axis = -1, epsilon = 1e-3 } = config
  if (!world.shape || !isLast(axis, world)) return { why: 'it is over other axes than the channels' }
  if (config['rms_scaling'] === true) return { why: 'it has no mean' }
  const affine = affineOf(config, world)
  const attributes = { ...(epsilon !== 1e-5 && { epsilon }), ...(world.shape.length > 1 && { over: 'channels' }) }
  return affine ? { kind: 'layer-norm', attributes, tensors: { scale: affine.scale, shift: affine.shift } } : NO_WEIGHTS
}

const rmsNorm: Make = (config, world) => {
  const { axis = -1, epsilon = 1e-6 } = config
  const scale = world.stored(0)
  if (!isLast(axis, world)) return { why: 'it is over other axes than the channels' }
  return scale
    ? { kind: 'rms-norm', attributes: { ...(epsilon !== 1e-5 && { epsilon }) }, tensors: { scale: own(scale) } }
    : NO_WEIGHTS
}

const add: Make = (config, world) => {
  const { places, call } = world
  if (call.numbers.length > 0) return plusNumber(world)
  return places.length > 1 && call.constants.length === 0 ? { kind: 'add' } : position(config, world)
}

const average: Make = (_, { places, isOperation }) =>
  places.length > 1 && !isOperation
    ? { kind: 'add', then: [{ kind: 'scale', attributes: { value: 1 / places.length, learned: false } }] }
    : { why: 'it is no mean of several layers' }

/** Of two values, of which a row may weigh the channels of an image or of tokens. */
const multiply: Make = (_, world) => {
  if (world.call.numbers.length > 0) return timesNumber(world)
  return world.places.length === 2 ? { kind: 'multiply' } : { why: 'it is no product of two layers' }
}

const concatenate: Make = (config, world) => {
  const axis = config['axis'] ?? (world.isOperation ? 0 : -1)
  if (isLast(axis, world) && world.axes === 'features') return joinedRows(world.places, world.list)
  return isLast(axis, world) ? { kind: 'concatenate' } : { why: `it joins along axis ${String(axis)}` }
}

/** What does something in training alone. */
const inTraining =
  (what: string): Make =>
  () => ({ kind: 'nothing', approximated: `${what} is left out: it does something in training alone` })

/** An offset is a shift, which is learned here. */
const rescaling: Make = ({ scale, offset = 0 }, world) => {
  if (Array.isArray(scale) || Array.isArray(offset)) return ofChannels('Rescaling', scale, offset, world)
  if (typeof scale !== 'number' || typeof offset !== 'number') return { why: 'its numbers are not the same for all values' }
  const factor = { kind: 'scale', attributes: { value: scale, learned: false } }
  if (offset === 0) return factor
  const shift = { kind: 'shift', tensors: { shift: constant(offset, 1) } }
  const approximated = 'an offset (Rescaling) is a number of the program there, and learned here'
  return { ...(scale === 1 ? shift : { ...factor, then: [shift] }), approximated }
}

const dense: Make = (config, { stored, axes }) => {
  const [kernel, bias] = [stored(0), config['use_bias'] === false ? undefined : stored(1)]
  if (!kernel) return NO_WEIGHTS
  if (axes !== 'features') return { ...denseOfEach(config['units'], kernel, bias), activation: activationOf(config) }
  return {
    kind: 'dense',
    attributes: { units: config['units'], ...(!bias && { bias: false }) },
    tensors: { kernel: own(kernel), ...(bias && { bias: own(bias) }) },
    activation: activationOf(config),
  }
}

const relu: Make = ({ max_value: most, negative_slope: slope, threshold }) => {
  if (slope || threshold) return { why: 'it is no plain ReLU' }
  if ((most ?? null) === null) return { kind: 'relu' }
  return (typeof most === 'number' && clipped(most)) || { why: 'it is no plain ReLU' }
}

const dropout =
  (approximated?: string): Make =>
  ({ rate }) => ({ kind: 'dropout', attributes: rate === 0.5 ? {} : { rate }, ...(approximated && { approximated }) })

const nothing: Make = () => ({ kind: 'nothing' })

/** Each class of Keras that there is a layer for. */
const table: Readonly<Record<string, Make>> = {
  Conv2D: convolution(false),
  DepthwiseConv2D: convolution(true),
  SeparableConv2D: separable,
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  MultiHeadAttention: multiHead,
  GetItem: item,
  Pad: pad,
  Absolute: () => ({ kind: 'abs' }),
  Rescaling: rescaling,
  Normalization: normalisation,
  Activation: (config) => ({ kind: 'nothing', activation: activationOf(config) }),
  Softmax: ({ axis = -1 }, world) =>
    isLast(axis, world) ? { kind: 'nothing', activation: 'softmax' } : { why: `it is along axis ${String(axis)}` },
  ReLU: relu,
  LeakyReLU: ({ negative_slope: slope }) => ({ kind: 'leaky-relu', attributes: slope === 0.01 ? {} : { slope } }),
  ELU: ({ alpha }) => (alpha === undefined || alpha === 1 ? { kind: 'elu' } : { why: 'its slope far below zero is not 1' }),
  MaxPooling2D: pool('max-pool'),
  AveragePooling2D: pool('average-pool'),
  GlobalMaxPooling2D: globalMaxPool,
  GlobalAveragePooling2D: globalAveragePool,
  GlobalAveragePooling1D: (config) =>
    config['keepdims'] === true ? { why: 'it keeps the places' } : { kind: 'global-average-pool' },
  Add: add,
  Average: average,
  Multiply: multiply,
  Concatenate: concatenate,
  Dense: dense,
  Flatten: () => ({ kind: 'nothing', leaves: 'features' }),
  Reshape: reshape,
  Identity: nothing,
  Dropout: dropout(),
  SpatialDropout2D: dropout('whole channels are dropped there, and single values here'),
  GaussianNoise: inTraining('noise (GaussianNoise)'),
  GaussianDropout: inTraining('noise (GaussianDropout)'),
  ActivityRegularization: inTraining('a term of the loss (ActivityRegularization)'),
}

/** By name: a file may call a class anything. */
export const kerasLayers: ReadonlyMap<string, Make> = new Map(Object.entries(table))
