import { elements } from '../../../../shared/ops/op'
import { type FxValue, isList } from '../../../formats/fx'
import type { AskedCall, Said } from './in-onnx'
import { number, sameShape, type Say } from './say'
import {
  expanded,
  item,
  matmul,
  mean,
  multiHead,
  parts,
  permuted,
  reshaped,
  scaledDotProduct,
  transposed,
  unbound,
} from './tokens'

/** Modules by the function that they call, where its name is not theirs in small letters. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Conv2d: 'conv2d',
  BatchNorm1d: 'batch_norm',
  BatchNorm2d: 'batch_norm',
  GroupNorm: 'group_norm',
  MaxPool2d: 'max_pool2d',
  AvgPool2d: 'avg_pool2d',
  AdaptiveAvgPool2d: 'adaptive_avg_pool2d',
  AdaptiveMaxPool2d: 'adaptive_max_pool2d',
  InstanceNorm2d: 'instance_norm',
  LPPool2d: 'lp_pool2d',
  LeakyReLU: 'leaky_relu',
  LogSoftmax: 'log_softmax',
  LayerNorm: 'layer_norm',
  RMSNorm: 'rms_norm',
  MultiheadAttention: 'multi_head_attention',
  AdaptiveAvgPool1d: 'adaptive_avg_pool1d',
  ZeroPad2d: 'pad',
}

/** The word under which a call is in the table: `torch.nn.Conv2d`, `_conv2d` and `conv2d_` are `conv2d`. */
export function functionOf(call: string): string {
  const name = call.replace(/^torch\.nn\./, '')
  if (name !== call) return FUNCTIONS[name] ?? name.toLowerCase()
  return name.replace(/^_+|_+$/g, '')
}

/** A file may say any number, and as many ones and zeros are a layer's. */
const MOST_CHANNELS = 2 ** 16

/** A number for both sides, or one for each. */
function pair(given: FxValue | undefined, absent: number): [number, number] {
  const list = isList(given) ? given : [given]
  const [along, across = along] = list.length === 0 ? [undefined] : list
  return [number(along, absent), number(across, absent)]
}

const plain =
  (op: string): Say =>
  () => ({ op })
/** The same memory by another name; `Identity` alone is a copy. */
const alias: Said = { op: 'Identity', isAlias: true }

const conv: Say = (call) => {
  const { given } = call
  const kernel = call.tensor(given('weight', 1))
  const isBiased = (given('bias', 2) ?? null) !== null
  const bias = call.tensor(given('bias', 2))
  if (kernel === undefined || (isBiased && bias === undefined)) return { why: 'its weights are no tensors of its own' }
  if ((given('padding_mode') ?? 'zeros') !== 'zeros') return { why: 'it puts something other than zeros around' }
  const dilations = pair(given('dilation', 5), 1)
  const around = given('padding', 4)
  const pads = [0, 1].map((i) => {
    if (around !== 'same') return [pair(around, 0)[i]!, pair(around, 0)[i]!] as const
    const all = dilations[i]! * ((call.dims(kernel)[2 + i] ?? 1) - 1)
    return [Math.floor(all / 2), all - Math.floor(all / 2)] as const
  })
  return {
    op: 'Conv',
    inputs: [call.entering, kernel, ...(bias === undefined ? [] : [bias])],
    attributes: {
      ...{ strides: pair(given('stride', 3), 1), dilations, group: number(given('groups', 6), 1) },
      pads: [pads[0]![0], pads[1]![0], pads[0]![1], pads[1]![1]],
    },
  }
}

/** It works on the last axis, whichever that is by then. */
const linear: Say = (call) => {
  const kernel = call.tensor(call.given('weight', 1))
  const isBiased = (call.given('bias', 2) ?? null) !== null
  const bias = call.tensor(call.given('bias', 2))
  if (kernel === undefined || (isBiased && bias === undefined)) return { why: 'its weights are no tensors of its own' }
  return {
    op: 'Gemm',
    inputs: [call.entering, kernel, ...(bias === undefined ? [] : [bias])],
    attributes: { transB: 1, ...(call.from.length > 2 && { last: 1 }) },
  }
}

/**
 * Scale and shift, ones and zeros where it has none; undefined where they are no tensors of its own.
 *
 * @param places Of scale and shift, or of the scale alone, in its arguments.
 * @param channels How many ones and zeros.
 */
function affine(call: AskedCall, places: readonly number[], channels: number): string[] | undefined {
  const found = places.map((place, i) => {
    const given = call.given(i === 0 ? 'weight' : 'bias', place)
    return given === undefined || given === null ? call.filled(channels, 1 - i) : call.tensor(given)
  })
  return found.includes(undefined) ? undefined : (found as string[])
}

const batchNorm: Say = (call) => {
  const { given } = call
  const [mean, variance] = [call.tensor(given('running_mean', 1)), call.tensor(given('running_var', 2))]
  if (mean === undefined || variance === undefined || given('training', 5) === true)
    return { why: 'it keeps no moving statistics' }
  const channels = elements(call.dims(mean))
  if (call.from[1] !== channels)
    return { why: `it has statistics of ${channels} channels, and ${call.from[1] ?? 'none'} enter it` }
  const parameters = affine(call, [3, 4], channels)
  // Without a word it is PyTorch's; None is a mean of all steps.
  const momentum = given('momentum', 6) === undefined ? 0.1 : given('momentum', 6)
  if (!parameters) return { why: 'its parameters are no tensors of its own' }
  if (typeof momentum !== 'number') return { why: 'its statistics are means of all steps' }
  return {
    op: 'BatchNormalization',
    inputs: [call.entering, ...parameters, mean, variance],
    attributes: { epsilon: number(given('eps', 7), 1e-5), momentum: 1 - momentum },
  }
}

/** @param at Where weight, bias and epsilon stand in its arguments. */
const normOfGroups = (call: AskedCall, groups: number, at: readonly [weight: number, bias: number, epsilon: number]): Said => {
  const channels = call.from[1] ?? 1
  if (channels > MOST_CHANNELS) return { why: `it norms ${channels} channels, and at most ${MOST_CHANNELS} are taken` }
  const parameters = affine(call, [at[0], at[1]], channels)
  if (!parameters) return { why: 'its parameters are no tensors of its own' }
  return {
    op: 'GroupNormalization',
    inputs: [call.entering, ...parameters],
    attributes: { num_groups: groups, epsilon: number(call.given('eps', at[2]), 1e-5) },
  }
}

const groupNorm: Say = (call) => normOfGroups(call, number(call.given('num_groups', 1), 1), [2, 3, 4])

/** Each channel of each image is a group. */
const instanceNorm: Say = (call) => {
  if (call.from.length !== 4) return { why: 'no batch of images enters it' }
  if (call.tensor(call.given('running_mean', 1)) !== undefined) return { why: 'it goes by moving statistics' }
  return normOfGroups(call, call.from[1] ?? 1, [3, 4, 7])
}

/** Size, steps and zeros of a pool. @param at Where steps and zeros stand in its arguments, behind the size. */
const windowOf = ({ given }: AskedCall, at: number): { kernel_shape: number[]; strides: number[]; pads: number[] } => {
  const size = pair(given('kernel_size', at), 1)
  const stride = given('stride', at + 1)
  const [along, across] = pair(given('padding', at + 2), 0)
  const isTold = typeof stride === 'number' || (isList(stride) && stride.length > 0)
  return { kernel_shape: size, strides: isTold ? pair(stride, 1) : size, pads: [along, across, along, across] }
}
const flag = (given: FxValue | undefined): number => (given === true ? 1 : 0)

const maxPool: Say = (call) => ({
  op: 'MaxPool',
  attributes: {
    ...windowOf(call, 1),
    dilations: pair(call.given('dilation', 4), 1),
    ceil_mode: flag(call.given('ceil_mode', 5)),
  },
})

const averagePool: Say = (call) => {
  if ((call.given('divisor_override', 6) ?? null) !== null) return { why: 'it divides by a number of its own' }
  const [window, ceil] = [windowOf(call, 1), flag(call.given('ceil_mode', 4))]
  // Beyond an edge without zeros nothing counts, whatever is told of zeros.
  const isWithin = ceil === 1 && window.pads.every((pad) => pad === 0)
  const counted = isWithin ? false : (call.given('count_include_pad', 5) ?? true)
  return { op: 'AveragePool', attributes: { ...window, ceil_mode: ceil, count_include_pad: flag(counted) } }
}

/** Windows of one size where the sides divide. */
const adaptivePool: Say = ({ from, to }) => {
  if (from.length !== 4 || to.length !== 4) return { why: 'no batch of images enters it' }
  if (sameShape(from, to)) return { op: 'Identity' }
  if (to[2] === 1 && to[3] === 1) return { op: 'GlobalAveragePool' }
  const sizes = [from[2]! / to[2]!, from[3]! / to[3]!]
  return sizes.every(Number.isInteger)
    ? { op: 'AveragePool', attributes: { kernel_shape: sizes, strides: sizes } }
    : { why: `its windows on ${from[2]}×${from[3]} pixels are not all of one size` }
}

/** Of the whole image alone. */
const adaptiveMaxPool: Say = ({ from, to }) => {
  if (from.length !== 4 || to.length !== 4) return { why: 'no batch of images enters it' }
  if (sameShape(from, to)) return { op: 'Identity' }
  if (to[2] !== 1 || to[3] !== 1) return { why: 'it leaves more than one pixel' }
  // The one window takes no step; steps here are of 64 pixels at most.
  const sides = [from[2]!, from[3]!]
  return { op: 'MaxPool', attributes: { kernel_shape: sides, strides: sides.map((side) => Math.min(side, 64)) } }
}

const l2Pool: Say = ({ given }) => {
  const size = pair(given('kernel_size', 2), 1)
  const stride = given('stride', 3) ?? null
  return {
    op: 'LpPool',
    attributes: {
      ...{ p: number(given('norm_type', 1), NaN), kernel_shape: size, strides: stride === null ? size : pair(stride, 1) },
      ceil_mode: flag(given('ceil_mode', 4)),
    },
  }
}

/** Of two values, or of one with a number or a tensor of its own. @param neutral The number that changes nothing. */
const withTwo =
  (op: 'Add' | 'Mul', neutral: number): Say =>
  (call) => {
    if ((call.given('alpha') ?? 1) !== 1) return { why: 'it multiplies the second by a number before' }
    const operands = ['input', 'other'].map((name, at) => call.given(name, at))
    const inputs = operands.map((given) => {
      if (typeof given === 'number') return call.constant([1], [given])
      return call.value(given) ?? call.tensor(given)
    })
    const shapes = operands.filter((given) => call.value(given) !== undefined).map((given) => call.shape(given))
    if (inputs.includes(undefined) || shapes.length === 0) return { why: 'what it is given is worked out' }
    if (operands.includes(neutral)) return { op: 'Identity', inputs: [inputs[operands[0] === neutral ? 1 : 0]!] }
    // A number goes on as one; a value of another shape is spread, which a product does too.
    const fits = op === 'Mul' ? isSpread : sameShape
    if (shapes.some((shape) => !fits(shape, call.to))) return { why: 'what it joins differs in shape' }
    return { op, inputs: inputs as string[] }
  }

/** Whether each side is the other's or 1. */
const isSpread = (shape: readonly number[], to: readonly number[]): boolean =>
  shape.length === to.length && shape.every((side, axis) => side === to[axis] || side === 1)

/** By a number. */
const divided: Say = (call) => {
  const by = call.given('other', 1)
  if (typeof by !== 'number' || by === 0 || !Number.isFinite(1 / by) || call.given('rounding_mode') !== undefined)
    return { why: 'it divides by something other than a number' }
  return { op: 'Mul', inputs: [call.entering, call.constant([1], [1 / by])] }
}

/** Of the last axes, told by their sides. PyTorch's RMS norm takes the least step from 1 for ε where none is told. */
function lastNorm(op: 'LayerNormalization' | 'RMSNormalization', at: number): Say {
  return (call) => {
    const sides = call.given('normalized_shape', at)
    const shape = isList(sides) ? sides.map((side) => number(side, NaN)) : [number(sides, NaN)]
    const channels = shape[0]!
    if (shape.length !== 1 || !(channels <= MOST_CHANNELS)) return { why: 'it norms other than the channels of each place' }
    const isRms = op === 'RMSNormalization'
    const parameters = affine(call, isRms ? [2] : [2, 3], channels)
    if (!parameters) return { why: 'its parameters are no tensors of its own' }
    const epsilon = number(call.given('eps', isRms ? 3 : 4), isRms ? 2 ** -23 : 1e-5)
    return { op, inputs: [call.entering, ...parameters], attributes: { axis: -1, epsilon } }
  }
}

const cat: Say = ({ given, value, tensor, to }) => {
  const tensors = given('tensors', 0)
  const inputs = (isList(tensors) ? tensors : []).map((one) => value(one) ?? tensor(one))
  const axis = number(given('dim', 1), 0)
  return inputs.length === 0 || inputs.includes(undefined)
    ? { why: 'what it joins is worked out' }
    : { op: 'Concat', inputs: inputs as string[], attributes: { axis: axis < 0 ? axis + to.length : axis } }
}

/** PyTorch tells it from the last axis on, before and behind. */
const pad: Say = ({ given, from }) => {
  const told = given('pad', 1) ?? given('padding')
  const pads = isList(told) ? told.map((one) => number(one, NaN)) : []
  const value = given('value', 3) ?? 0
  if (from.length !== 4 || pads.length === 0 || pads.length > 8 || pads.some(Number.isNaN))
    return { why: 'what it pads is worked out' }
  const around = [0, 1, 2, 3].map((axis) => [pads[2 * (3 - axis)] ?? 0, pads[2 * (3 - axis) + 1] ?? 0])
  return {
    op: 'Pad',
    attributes: {
      ...{ mode: String(given('mode', 2) ?? 'constant'), value: number(value, 1) },
      pads: [...around.map(([before]) => before!), ...around.map(([, behind]) => behind!)],
    },
  }
}

const clamp =
  (low: string, high: string): Say =>
  ({ given }) => {
    const [min, max] = [given(low, 1) ?? null, given(high, 2) ?? null]
    if ([min, max].some((bound) => bound !== null && typeof bound !== 'number')) return { why: 'its bounds are no numbers' }
    return {
      op: 'Clip',
      attributes: { ...(min !== null && { min: min as number }), ...(max !== null && { max: max as number }) },
    }
  }

/** Without a word it is of the axis that PyTorch took before it wanted one: the first of three, else the second. */
const softmax =
  (op: 'Softmax' | 'LogSoftmax'): Say =>
  ({ given, from }) => ({ op, attributes: { axis: number(given('dim', 1), from.length === 3 ? 0 : 1) } })

/** torchvision's, of whole branches. */
const stochasticDepth: Say = ({ given }) =>
  given('training', 3) === false || given('p', 1) === 0
    ? {
        op: 'Identity',
        isAlias: true,
        ...(given('p', 1) !== 0 && { left: 'stochastic depth, which does something in training alone' }),
      }
    : { why: 'it drops whole branches in evaluation too' }

/** What these come to is seen by the shapes, however it was worked out. */
export const KNOWN_BY_SHAPE: ReadonlySet<string> = new Set([
  ...['view', 'reshape', 'flatten', 'unflatten', 'squeeze', 'unsqueeze', 'expand', 'expand_as', 'repeat'],
  ...['adaptive_avg_pool2d', 'adaptive_max_pool2d'],
])

/** Each function of PyTorch that an operator of ONNX says: https://docs.pytorch.org/docs/stable/nn.functional.html. */
export const calls: Readonly<Record<string, Say | undefined>> = Object.assign(Object.create(null) as object, {
  conv2d: conv,
  linear,
  batch_norm: batchNorm,
  group_norm: groupNorm,
  instance_norm: instanceNorm,
  relu: plain('Relu'),
  relu6: () => ({ op: 'Clip', attributes: { min: 0, max: 6 } }),
  hardtanh: clamp('min_val', 'max_val'),
  clamp: clamp('min', 'max'),
  leaky_relu: ({ given }) => ({ op: 'LeakyRelu', attributes: { alpha: number(given('negative_slope', 1), 0.01) } }),
  elu: ({ given }) => ({ op: 'Elu', attributes: { alpha: number(given('alpha', 1), 1) } }),
  gelu: ({ given }) => ({ op: 'Gelu', attributes: { approximate: String(given('approximate') ?? 'none') } }),
  silu: plain('Swish'),
  hardswish: plain('HardSwish'),
  hardsigmoid: () => ({ op: 'HardSigmoid', attributes: { alpha: 1 / 6, beta: 0.5 } }),
  tanh: plain('Tanh'),
  abs: plain('Abs'),
  absolute: plain('Abs'),
  sigmoid: plain('Sigmoid'),
  softmax: softmax('Softmax'),
  log_softmax: softmax('LogSoftmax'),
  dropout: ({ given }) =>
    given('p', 1) === 0 ? alias : { op: 'Dropout', isAlias: true, attributes: { ratio: number(given('p', 1), 0.5) } },
  stochastic_depth: stochasticDepth,
  max_pool2d: maxPool,
  avg_pool2d: averagePool,
  adaptive_avg_pool2d: adaptivePool,
  adaptive_max_pool2d: adaptiveMaxPool,
  lp_pool2d: l2Pool,
  mean,
  adaptive_avg_pool1d: ({ to }) =>
    to[2] === 1
      ? { op: 'ReduceMean', attributes: { axes: [2], keepdims: 1 } }
      : { why: 'it leaves more than one mean of each channel' },
  layer_norm: lastNorm('LayerNormalization', 1),
  rms_norm: lastNorm('RMSNormalization', 1),
  scaled_dot_product_attention: scaledDotProduct,
  multi_head_attention: multiHead,
  matmul,
  bmm: matmul,
  permute: permuted,
  transpose: transposed,
  swapaxes: transposed,
  unbind: unbound,
  chunk: parts,
  split: parts,
  expand: expanded,
  expand_as: expanded,
  repeat: expanded,
  add: withTwo('Add', 0),
  iadd: withTwo('Add', 0),
  radd: withTwo('Add', 0),
  mul: withTwo('Mul', 1),
  imul: withTwo('Mul', 1),
  rmul: withTwo('Mul', 1),
  truediv: divided,
  div: divided,
  cat,
  concat: cat,
  concatenate: cat,
  pad,
  getitem: item,
  flatten: reshaped,
  view: reshaped,
  reshape: reshaped,
  unflatten: reshaped,
  squeeze: reshaped,
  unsqueeze: reshaped,
  identity: () => alias,
  contiguous: () => alias,
  clone: plain('Identity'),
  detach: () => alias,
  float: () => alias,
} satisfies Record<string, Say>)
