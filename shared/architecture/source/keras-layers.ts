import { UserError } from '../../errors'
import { type Sliding, zerosAround } from '../../ops/padding'
import { newBefore } from '../../ops/padding-shortcut'
import type { ParameterRole, StatisticRole } from '../../ops/op'
import type { Layer } from '../expand'
import { madeLayer } from './made'
import type { Argument, Call } from './pieces'

/** How a layer is said in Keras: layers behind one another, the first of which takes all that enters. */
export interface KerasWords {
  readonly calls: readonly KerasCall[]
  /** The first takes what enters so often. */
  readonly times?: number
}
export interface KerasCall extends Call {
  /** Its weights in Keras's order. */
  readonly weights?: readonly (ParameterRole | StatisticRole)[]
  /** One that Keras lacks, of which the source has a class (keras-modules.ts). */
  readonly isOwn?: boolean
  /** Further ones that its class calls. */
  readonly needs?: readonly string[]
}

const placed = (name: string, value: Argument['value'], role?: string): Argument => ({
  ...{ name, value, isPlaced: true },
  ...(role && { role }),
})
const named = (name: string, value: Argument['value'], usual?: Argument['value'], role?: string): Argument => ({
  ...{ name, value },
  ...(usual !== undefined && { usual }),
  ...(role && { role }),
})
const word = (text: string): string => `"${text}"`
const made = (callee: string, ...given: Argument[]): KerasCall => ({ callee: `layers.${callee}`, arguments: given })
const own = (callee: string, ...given: Argument[]): KerasCall => ({ callee, arguments: given, isOwn: true })
const plain =
  (callee: string, ...given: Argument[]) =>
  (): KerasWords => ({ calls: [made(callee, ...given)] })

/** Zeros that go around before a window slides that puts none. */
function padded(layer: Layer, call: (padding: string) => KerasCall): KerasWords {
  const sliding = layer.attributes as unknown as Sliding
  const zeros = zerosAround(sliding)
  const calls = [call(word(sliding.padding === 'same' ? 'same' : 'valid'))]
  return { calls: zeros === 0 ? calls : [made('ZeroPadding2D', placed('padding', zeros, 'padding')), ...calls] }
}

const convolution = (layer: Layer): KerasWords =>
  padded(layer, (padding) => {
    const { attributes, op, shape } = layer
    const told = attributes as Record<string, number> & { bias: boolean }
    const [isDepthwise, isStandardised] = [op.kind === 'depthwise-conv2d', op.kind === 'ws-conv2d']
    const given = [
      ...(isDepthwise ? [] : [placed('filters', shape[2]!, 'filters')]),
      placed('kernel_size', told['size']!, 'size'),
      named('strides', told['stride']!, 1, 'stride'),
      named('padding', padding, word('valid'), 'padding'),
      named('dilation_rate', told['dilation'] ?? 1, 1, 'dilation'),
      ...(isDepthwise
        ? [named('depth_multiplier', told['multiplier']!, 1, 'multiplier')]
        : [named('groups', told['groups']!, 1, 'groups')]),
      named('use_bias', told.bias, true),
      ...(isStandardised ? [named('epsilon', told['epsilon']!, 1e-6, 'epsilon')] : []),
    ]
    const weights = ['kernel', ...(told.bias ? ['bias'] : []), ...(isStandardised ? ['scale'] : [])] as ParameterRole[]
    if (isStandardised) return { ...own('StandardisedConv2D', ...given), weights }
    return { ...made(isDepthwise ? 'DepthwiseConv2D' : 'Conv2D', ...given), weights }
  })

/** With the kernel that was made, around the edges. */
function madeConvolution(layer: Layer): KerasWords {
  const how = madeLayer(layer)!
  const { size, stride = 1, bias } = layer.attributes as { size: number; stride?: number; bias: boolean }
  const filters = placed('filters', layer.attributes['filters'] as number, 'filters')
  const kernelSize = placed('kernel_size', size, 'size')
  const told = named('use_bias', bias, true)
  const weights: readonly ParameterRole[] = bias ? ['kernel', 'bias'] : ['kernel']
  if (how.as === 'series')
    return { calls: [{ ...own('ConvolutionSeries', filters, kernelSize, placed('terms', how.terms, 'terms'), told), weights }] }
  const { before, behind } = how
  if (how.as === 'reflections')
    return { calls: [{ ...own('Reflections', filters, kernelSize, told), weights, needs: ['wrapped'] }] }
  const steps = [named('strides', stride, 1, 'stride'), named('padding', word('valid'), word('valid'))]
  const call: KerasCall = { ...made('Conv2D', filters, kernelSize, ...steps, told), weights }
  const pads = [placed('before', before, 'before'), placed('behind', behind, 'behind')]
  const around: KerasCall = { ...own('CircularPadding2D', ...pads), needs: ['wrapped'] }
  return { calls: before + behind === 0 ? [call] : [around, call] }
}

function maxPool(layer: Layer): KerasWords {
  const { size, stride, padding } = layer.attributes as unknown as Sliding
  const window = [placed('pool_size', size, 'size'), placed('strides', stride, 'stride')]
  const zeros = zerosAround(layer.attributes as unknown as Sliding)
  return zeros > 0
    ? { calls: [own('PaddedMaxPooling2D', ...window, placed('padding', zeros, 'padding'))] }
    : { calls: [made('MaxPooling2D', ...window, named('padding', word(padding === 'same' ? 'same' : 'valid'), word('valid')))] }
}

const averagePool = (layer: Layer): KerasWords =>
  padded(layer, (padding) => {
    const { size, stride } = layer.attributes as unknown as Sliding
    const window = [placed('pool_size', size, 'size'), placed('strides', stride, 'stride')]
    return made('AveragePooling2D', ...window, named('padding', padding, word('valid')))
  })

function groupNorm(layer: Layer, groups: number): KerasWords {
  const { epsilon } = layer.attributes as { epsilon: number }
  const given = [placed('groups', groups, 'groups'), named('epsilon', epsilon, 1e-3, 'epsilon')]
  return { calls: [{ ...made('GroupNormalization', ...given), weights: ['scale', 'shift'] }] }
}

/** Of the channels at each place. */
function placesNorm({ attributes }: Layer, callee: string, usual: number, weights: readonly ParameterRole[]): KerasWords {
  return { calls: [{ ...made(callee, named('epsilon', attributes['epsilon'] as number, usual, 'epsilon')), weights }] }
}

/** Each kind of layer. */
const kinds: Readonly<Record<string, (layer: Layer) => KerasWords>> = {
  conv2d: convolution,
  'depthwise-conv2d': convolution,
  'ws-conv2d': convolution,
  'orthogonal-conv2d': madeConvolution,
  'skew-conv2d': madeConvolution,
  'reflection-conv2d': madeConvolution,
  dense({ attributes, inputShapes }) {
    const bias = attributes['bias'] as boolean
    const given = [placed('units', attributes['units'] as number, 'units'), named('use_bias', bias, true)]
    const call: KerasCall = { ...made('Dense', ...given), weights: bias ? ['kernel', 'bias'] : ['kernel'] }
    return { calls: inputShapes[0]!.length === 3 ? [made('Flatten'), call] : [call] }
  },
  'batch-norm'({ attributes }) {
    const { momentum, epsilon } = attributes as { momentum: number; epsilon: number }
    const given = [named('momentum', momentum, 0.99, 'momentum'), named('epsilon', epsilon, 1e-3, 'epsilon')]
    return { calls: [{ ...made('BatchNormalization', ...given), weights: ['scale', 'shift', 'mean', 'variance'] }] }
  },
  'group-norm': (layer) => groupNorm(layer, layer.attributes['groups'] as number),
  'layer-norm': (layer) =>
    layer.attributes['over'] === 'channels'
      ? placesNorm(layer, 'LayerNormalization', 1e-3, ['scale', 'shift'])
      : groupNorm(layer, 1),
  'rms-norm': (layer) => placesNorm(layer, 'RMSNormalization', 1e-6, ['scale']),
  attention: ({ attributes }) => ({ calls: [own('Attention', placed('heads', attributes['heads'] as number, 'heads'))] }),
  position: ({ attributes }) => ({
    calls: [{ ...own('Position', placed('deviation', attributes['deviation'] as number, 'deviation')), weights: ['shift'] }],
  }),
  'class-token': ({ attributes }) => {
    const given = [
      placed('tokens', attributes['tokens'] as number, 'tokens'),
      placed('deviation', attributes['deviation'] as number, 'deviation'),
    ]
    return { calls: [{ ...own('ClassToken', ...given), weights: ['shift'] }] }
  },
  token: ({ attributes }) => ({ calls: [own('Token', placed('place', attributes['place'] as number, 'place'))] }),
  abs: () => ({ calls: [own('Absolute')] }),
  channels: ({ attributes }) => {
    const { first, count } = attributes as { first: number; count: number }
    return { calls: [own('Channels', placed('first', first, 'first'), placed('count', count, 'count'))] }
  },
  relu: plain('ReLU'),
  'leaky-relu': ({ attributes }) => ({
    calls: [made('LeakyReLU', named('negative_slope', attributes['slope'] as number, 0.3, 'slope'))],
  }),
  elu: plain('ELU'),
  gelu: plain('Activation', placed('activation', word('gelu'))),
  tanh: plain('Activation', placed('activation', word('tanh'))),
  swish: plain('Activation', placed('activation', word('silu'))),
  'clipped-relu': ({ attributes }) => ({ calls: [made('ReLU', placed('max_value', attributes['most'] as number, 'most'))] }),
  sigmoid: plain('Activation', placed('activation', word('sigmoid'))),
  'hard-sigmoid': plain('Activation', placed('activation', word('hard_sigmoid'))),
  'hard-swish': plain('Activation', placed('activation', word('hard_silu'))),
  dropout: ({ attributes }) => ({ calls: [made('Dropout', placed('rate', attributes['rate'] as number, 'rate'))] }),
  'max-pool': maxPool,
  'average-pool': averagePool,
  'l2-pool': ({ attributes }) => ({ calls: [own('L2Pooling2D', placed('size', attributes['size'] as number, 'size'))] }),
  'global-average-pool': plain('GlobalAveragePooling2D'),
  'global-l2-pool': () => ({ calls: [own('GlobalL2Pooling2D')] }),
  add: plain('Add'),
  multiply: plain('Multiply'),
  concatenate: plain('Concatenate'),
  duplicate: ({ attributes }) => ({ calls: [made('Concatenate')], times: attributes['times'] as number }),
  'padding-shortcut'({ attributes, inputShapes }) {
    const added = (attributes['filters'] as number) - inputShapes[0]![2]!
    const before = newBefore(attributes['side'] as 'after' | 'both', added)
    const given = [placed('before', before, 'before'), placed('behind', added - before, 'behind')]
    return { calls: [own('PaddingShortcut', ...given, placed('stride', attributes['stride'] as number, 'stride'))] }
  },
  scale: ({ attributes }) => {
    const value = attributes['value'] as number
    return attributes['learned']
      ? { calls: [{ ...own('Scale', placed('value', value, 'factor')), weights: ['scale'] }] }
      : { calls: [made('Rescaling', placed('scale', value, 'factor'))] }
  },
  shift: ({ attributes }) => ({
    calls: [{ ...own('Shift', placed('value', attributes['value'] as number, 'shift')), weights: ['shift'] }],
  }),
}

/** @throws UserError for a layer that Keras's source has no words for. */
export function kerasWords(layer: Layer): KerasWords {
  const words = kinds[layer.op.kind]
  if (!words) throw new UserError(`Keras's source has no words for the layer "${layer.op.title}"`, { place: layer.name })
  return words(layer)
}

/** Settings that Keras writes as one number a side. */
const OF_SIDES = new Set(['kernel_size', 'strides', 'dilation_rate', 'pool_size'])
/** What Keras writes of its classes besides. */
const BESIDE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'layers.Conv2D': { activation: 'linear' },
  'layers.DepthwiseConv2D': { activation: 'linear' },
  'layers.Dense': { activation: 'linear' },
  'layers.BatchNormalization': { axis: -1 },
  'layers.GroupNormalization': { axis: -1 },
  'layers.LayerNormalization': { axis: -1 },
  'layers.RMSNormalization': { axis: -1 },
  'layers.Concatenate': { axis: -1 },
  'layers.Rescaling': { offset: 0 },
}

/** A layer's settings as a file of Keras has them. */
export function configOf({ callee, arguments: given }: KerasCall): Readonly<Record<string, unknown>> {
  const settings = given.map(({ name, value }): [string, unknown] => {
    if (typeof value === 'string') return [name!, value.replace(/^"|"$/g, '')]
    if (callee === 'layers.ZeroPadding2D')
      return [
        name!,
        [
          [value, value],
          [value, value],
        ],
      ]
    return [name!, OF_SIDES.has(name!) ? [value, value] : value]
  })
  return { ...Object.fromEntries(settings), ...BESIDE[callee] }
}
