import type { Hdf5Array } from '../../formats/hdf5'
import { groupNormLayer } from './group-norm'
import type { ForeignTensor, ForeignTensors } from './network'
import type { SlidingWindow, WindowAttributes } from './windows'

export type Settings = Readonly<Record<string, unknown>>

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
    }
  | { readonly why: string }

export interface KerasWorld {
  /** The layer's weights, by their places. */
  stored(at: number): Hdf5Array | undefined
  padding(window: SlidingWindow, isPool: boolean): WindowAttributes | undefined
  /** Height, width and channels of what enters, or the features alone; undefined where that cannot be told. */
  readonly shape: readonly number[] | undefined
  /** How many values enter. */
  readonly count: number
}

/** Keras's activations that are layers here. */
export const activationKinds: Readonly<Record<string, string>> = {
  relu: 'relu',
  relu6: 'relu',
  elu: 'elu',
  tanh: 'tanh',
  swish: 'swish',
  silu: 'swish',
  gelu: 'gelu',
  leaky_relu: 'leaky-relu',
}

const own = (array: Hdf5Array): ForeignTensor => ({ shape: array.shape, order: 'own', read: () => array.read() })
const constant = (value: number, length: number): ForeignTensor => ({
  shape: [length],
  order: 'own',
  read: () => new Float32Array(length).fill(value),
})
const activationOf = (config: Settings): string =>
  typeof config['activation'] === 'string' ? config['activation'] : 'an activation of its own'

/** A window with equal sides and steps, or why it has none. */
function windowOf(config: Settings, sizes: string): SlidingWindow | { readonly why: string } {
  const both = (name: string): readonly number[] =>
    (config[name] as readonly number[] | null | undefined) ?? (name === 'strides' ? both(sizes) : [1, 1])
  const [size, stride, dilation] = [both(sizes), both('strides'), both('dilation_rate')]
  if ([size, stride, dilation].some((pair) => pair.length !== 2 || pair[0] !== pair[1]))
    return { why: 'its window or its steps are not the same along both sides' }
  if (config['data_format'] === 'channels_first') return { why: 'its images have their channels first' }
  return { size: size[0]!, stride: stride[0]!, dilation: dilation[0]! }
}

type Make = (config: Settings, world: KerasWorld) => KerasOutcome

const convolution =
  (isDepthwise: boolean): Make =>
  (config, { stored, padding }) => {
    const window = windowOf(config, 'kernel_size')
    if ('why' in window) return window
    const around = padding(window, false)
    const [kernel, bias] = [stored(0), config['use_bias'] === false ? undefined : stored(1)]
    if (!around || !['same', 'valid'].includes(String(config['padding']))) return { why: 'there is no such padding here' }
    if (!kernel) return { why: 'its weights are not in the file' }
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
  if (!kernel) return { why: 'its weights are not in the file' }
  const attributes = { filters: config['filters'], size: 1, ...(bias && { bias: true }) }
  const tensors = { kernel: own(kernel), ...(bias && { bias: own(bias) }) }
  return { ...first, then: [{ kind: 'conv2d', attributes, tensors }] }
}

/** The greatest value of the image: of one window that is as large. */
const globalMaxPool: Make = (_, { shape }) => {
  const [height, width] = shape?.length === 3 ? shape : []
  if (height === undefined || height !== width || height > 255) return { why: 'its image is no square of 255 pixels or less' }
  return { kind: 'max-pool', attributes: { size: height, stride: Math.min(height, 64) } }
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

const batchNorm: Make = (config, { stored, shape }) => {
  const channels = shape?.[shape.length - 1]
  const axis = Array.isArray(config['axis']) ? (config['axis'] as number[])[0] : config['axis']
  if (axis !== -1 && axis !== 3 && axis !== 1) return { why: `it is along axis ${String(axis)}` }
  if (channels === undefined) return { why: 'the number of its channels cannot be told' }
  // What it has of scale and shift comes first, then the statistics.
  let at = 0
  const scale = config['scale'] === false ? constant(1, channels) : stored(at++)
  const shift = config['center'] === false ? constant(0, channels) : stored(at++)
  const [mean, variance] = [stored(at), stored(at + 1)]
  if (!scale || !shift || !mean || !variance) return { why: 'its weights are not in the file' }
  const asTensor = (one: Hdf5Array | ForeignTensor): ForeignTensor => ('order' in one ? one : own(one))
  const { epsilon, momentum } = config
  return {
    kind: 'batch-norm',
    attributes: { ...(epsilon !== 1e-5 && { epsilon }), ...(momentum !== 0.9 && { momentum }) },
    tensors: { scale: asTensor(scale), shift: asTensor(shift), mean: own(mean), variance: own(variance) },
  }
}

/** Its scale and shift are a channel's. */
const groupNorm: Make = (config, { stored }) => {
  const { groups, epsilon = 1e-3, axis = -1 } = config
  const [scale, shift] = [stored(0), stored(1)]
  if (axis !== -1 && axis !== 3) return { why: `it is along axis ${String(axis)}` }
  if (config['scale'] === false || config['center'] === false) return { why: 'it has no scale or no shift' }
  if (!scale || !shift) return { why: 'its weights are not in the file' }
  return { ...groupNormLayer(groups, epsilon), tensors: { scale: own(scale), shift: own(shift) } }
}

/** Over the features of a row, or the channels of each pixel. */
const layerNorm: Make = (config, { stored, shape }) => {
  const { axis, epsilon = 1e-3 } = config
  const last = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : axis
  if (!shape || (last !== -1 && last !== shape.length)) return { why: 'it is over other axes than the channels' }
  const [scale, shift] = [stored(0), stored(1)]
  if (config['rms_scaling'] === true || config['scale'] === false || config['center'] === false)
    return { why: 'it has no scale, no shift or no mean' }
  if (!scale || !shift) return { why: 'its weights are not in the file' }
  const attributes = { ...(epsilon !== 1e-5 && { epsilon }), ...(shape.length > 1 && { over: 'channels' }) }
  return { kind: 'layer-norm', attributes, tensors: { scale: own(scale), shift: own(shift) } }
}

const add: Make = (_, { count }) => (count > 1 ? { kind: 'add' } : { why: 'it adds a constant' })

const average: Make = (_, { count }) =>
  count > 1
    ? { kind: 'add', then: [{ kind: 'scale', attributes: { value: 1 / count, learned: false } }] }
    : { why: 'it is of one value' }

/** What does something in training alone. */
const inTraining =
  (what: string): Make =>
  () => ({ kind: 'nothing', approximated: `${what} is left out: it does something in training alone` })

const rescaling: Make = ({ scale, offset = 0 }) =>
  typeof scale === 'number' && offset === 0
    ? { kind: 'scale', attributes: { value: scale, learned: false } }
    : { why: 'it is more than a multiplication by one number' }

const dense: Make = (config, { stored }) => {
  const [kernel, bias] = [stored(0), config['use_bias'] === false ? undefined : stored(1)]
  if (!kernel) return { why: 'its weights are not in the file' }
  return {
    kind: 'dense',
    attributes: { units: config['units'], ...(!bias && { bias: false }) },
    tensors: { kernel: own(kernel), ...(bias && { bias: own(bias) }) },
    activation: activationOf(config),
  }
}

export const reluThatEnds = (most: number): string =>
  `a ReLU that ends at ${most} is taken as one without an end: values above it differ`

const relu: Make = ({ max_value: most, negative_slope: slope, threshold }) => {
  if (slope || threshold) return { why: 'it is no plain ReLU' }
  return most === null || most === undefined ? { kind: 'relu' } : { kind: 'relu', approximated: reluThatEnds(Number(most)) }
}

const dropout =
  (approximated?: string): Make =>
  ({ rate }) => ({ kind: 'dropout', attributes: rate === 0.5 ? {} : { rate }, ...(approximated && { approximated }) })

const reshape: Make = ({ target_shape: target, newshape = target }) =>
  Array.isArray(newshape) && newshape.length === 1 ? { kind: 'nothing' } : { why: 'it gives its input other axes' }

const nothing: Make = () => ({ kind: 'nothing' })
/** Each class of Keras that there is a layer for. */
export const kerasLayers: Readonly<Record<string, Make>> = {
  Conv2D: convolution(false),
  DepthwiseConv2D: convolution(true),
  SeparableConv2D: separable,
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  LayerNormalization: layerNorm,
  Rescaling: rescaling,
  Activation: (config) => ({ kind: 'nothing', activation: activationOf(config) }),
  Softmax: () => ({ kind: 'nothing', activation: 'softmax' }),
  ReLU: relu,
  LeakyReLU: ({ negative_slope: slope }) => ({ kind: 'leaky-relu', attributes: slope === 0.01 ? {} : { slope } }),
  ELU: ({ alpha }) => (alpha === undefined || alpha === 1 ? { kind: 'elu' } : { why: 'its slope far below zero is not 1' }),
  MaxPooling2D: pool('max-pool'),
  AveragePooling2D: pool('average-pool'),
  GlobalMaxPooling2D: globalMaxPool,
  GlobalAveragePooling2D: (config) =>
    config['keepdims'] === true ? { why: 'it keeps the sides' } : { kind: 'global-average-pool' },
  Add: add,
  Average: average,
  Concatenate: ({ axis }) =>
    axis === -1 || axis === 3 ? { kind: 'concatenate' } : { why: `it joins along axis ${String(axis)}` },
  Dense: dense,
  Flatten: nothing,
  Reshape: reshape,
  Identity: nothing,
  Dropout: dropout(),
  SpatialDropout2D: dropout('whole channels are dropped there, and single values here'),
  GaussianNoise: inTraining('noise (GaussianNoise)'),
  GaussianDropout: inTraining('noise (GaussianDropout)'),
  ActivityRegularization: inTraining('a term of the loss (ActivityRegularization)'),
}
