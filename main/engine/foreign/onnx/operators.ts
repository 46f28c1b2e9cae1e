import { samePads } from '../../../../shared/ops/padding'
import { attention, DROPS, multiHead, multiplied, scaledProducts, softmax } from './attention'
import { classToken, layerNorm, meanOfPlaces, perToken, position, rmsNorm, torch } from './tokens'
import { single, sizeOf } from './axes'
import { axisOf, gather, reshapeTo, someOf, told, transpose, withAxes } from './turned'
import { times } from './views'
import { groupNormLayer } from '../group-norm'
import { paddingOf, type Pads, type WindowAttributes } from '../windows'
import type { Converter, Value } from './converter'
import type { Constant, OnnxNode } from '../../../formats/onnx/model'

/** What a node comes to: a value, or why there is none. */
export type Outcome = Value | { readonly why: string }
export type Operator = (node: OnnxNode, c: Converter) => Outcome

const ROUNDS_UP = 'it rounds its output’s sides up'

/** Leaves a value as it is. */
const passes: Operator = (node, c) => c.value(node.inputs[0])

/** A layer without attributes of its own. */
const plain =
  (kind: string): Operator =>
  (node, c) =>
    c.layer(node, kind, {}, [node.inputs[0]])

const conv: Operator = (node, c) => {
  const kernel = c.constant(node.inputs[1])
  if (!kernel) return { why: 'its kernel is no constant' }
  if (kernel.dims.length !== 4)
    return { why: `its kernel has ${kernel.dims.length} axes, and convolutions here have two of an image` }
  const [filters, perGroup, height, width] = kernel.dims as [number, number, number, number]
  const groups = node.attributes.int('group', 1)
  const bias = c.constant(node.inputs[2])
  if (node.inputs[2] && !bias) return { why: 'its bias is no constant' }
  // Behind a mean over the image there are features alone, and a convolution of the one pixel is a dense layer.
  if (groups === 1 && height === 1 && width === 1 && c.isRow(node.inputs[0]))
    return dense(node, c, { dims: [filters, perGroup], floats: () => kernel.floats() }, bias, true)
  const window = windowOf(node, c, [height, width], 'none', false)
  if ('why' in window) return window
  const { size, ...others } = window.attributes
  const isDepthwise = groups > 1 && perGroup === 1 && filters % groups === 0 && window.dilation === 1
  const attributes = {
    ...(isDepthwise ? { ...(filters > groups && { multiplier: filters / groups }) } : { filters }),
    size,
    ...others,
    ...(!isDepthwise && groups > 1 && { groups }),
    ...(bias && { bias: true }),
  }
  return c.layer(node, isDepthwise ? 'depthwise-conv2d' : 'conv2d', attributes, [node.inputs[0]], {
    kernel: torch(kernel),
    ...(bias && { bias: torch(bias) }),
  })
}

/** Size, stride, dilation and padding of a window, or why it cannot be. */
function windowOf(
  node: OnnxNode,
  c: Converter,
  sides: readonly number[],
  zeros: 'none' | 'counted' | 'left-out',
  isPool: boolean,
): { attributes: WindowAttributes; dilation: number } | { why: string } {
  const { attributes } = node
  const both = (name: string): readonly number[] => attributes.ints(name) ?? [1, 1]
  const [strides, dilations] = [both('strides'), both('dilations')]
  if (sides.length !== 2 || strides.length !== 2) return { why: 'it is of other than two axes of an image' }
  if (sides[0] !== sides[1]) return { why: `its window is ${sides.join('×')}, and windows here are square` }
  if (strides[0] !== strides[1] || dilations[0] !== dilations[1]) return { why: 'its steps along height and width differ' }
  const [size, stride, dilation] = [sides[0]!, strides[0]!, dilations[0]!]
  if (isPool && dilation !== 1) return { why: 'its window has gaps' }
  const own = padsOf(node, c, size, stride, dilation)
  if (!own) return { why: 'what is put around its image cannot be told' }
  const over = attributes.int('ceil_mode', 0) === 1 ? c.overhang(node, size, stride, own) : [0, 0]
  // The greatest of a window does not mind what lies outside; a mean is of what lies inside, as SAME's is.
  const isOver = over?.some((pixels) => pixels > 0) === true
  if (!over || (isOver && (zeros === 'counted' || (zeros === 'left-out' && own.some((pad) => pad > 0)))))
    return { why: ROUNDS_UP }
  const pads: Pads = [own[0], own[1], own[2] + over[0]!, own[3] + over[1]!]
  const padding = paddingOf(pads, { size, stride, dilation }, c.sides(node.inputs[0]), isPool, zeros === 'left-out')
  const isPadded = pads.some((pad) => pad > 0)
  if (isOver && zeros === 'left-out' && padding?.['padding'] !== 'same') return { why: ROUNDS_UP }
  if (!padding) return { why: `what is put around its image (${pads.join(', ')}) is not the same on all sides` }
  if (isPadded && zeros === 'left-out' && padding['padding'] !== 'same') return { why: 'its mean leaves out what is put around' }
  if (isPadded && zeros === 'counted' && padding['padding'] === 'same') return { why: 'its mean counts what is put behind alone' }
  return {
    dilation,
    attributes: {
      ...(isPool || size !== 3 ? { size } : {}),
      ...(isPool || stride !== 1 ? { stride } : {}),
      ...(dilation !== 1 && { dilation }),
      ...padding,
    },
  }
}

function padsOf(node: OnnxNode, c: Converter, size: number, stride: number, dilation: number): Pads | undefined {
  const around = c.zerosAround(node.inputs[0])
  const told = node.attributes.text('auto_pad', 'NOTSET')
  if (told === 'SAME_UPPER' || told === 'SAME_LOWER') {
    const sides = c.sides(node.inputs[0])
    if (!sides || around.some((pad) => pad > 0)) return undefined
    const [[top, bottom], [left, right]] = sides.map((side) => samePads(side, dilation * (size - 1) + 1, stride)) as [
      [number, number],
      [number, number],
    ]
    return told === 'SAME_UPPER' ? [top, left, bottom, right] : [bottom, right, top, left]
  }
  const own = told === 'VALID' ? [0, 0, 0, 0] : (node.attributes.ints('pads') ?? [0, 0, 0, 0])
  return own.length === 4 && own.every((pad) => pad >= 0) ? (own.map((pad, i) => pad + around[i]!) as unknown as Pads) : undefined
}

const pool =
  (kind: 'max-pool' | 'average-pool'): Operator =>
  (node, c) => {
    const zeros = kind === 'max-pool' ? 'none' : node.attributes.int('count_include_pad', 0) === 1 ? 'counted' : 'left-out'
    const window = windowOf(node, c, node.attributes.ints('kernel_shape') ?? [], zeros, true)
    return 'why' in window ? window : c.layer(node, kind, window.attributes, [node.inputs[0]])
  }

/** The root of a sum of squares, without steps between the windows. */
const l2Pool: Operator = (node, c) => {
  const size = node.attributes.ints('kernel_shape') ?? []
  const strides = node.attributes.ints('strides') ?? []
  if (node.attributes.int('p', 2) !== 2) return { why: 'its norm is not the Euclidean one' }
  if (
    size.length !== 2 ||
    size[0] !== size[1] ||
    strides.join() !== size.join() ||
    node.attributes.ints('pads')?.some((one) => one !== 0)
  )
    return { why: 'its windows are not squares side by side' }
  if (node.attributes.ints('dilations')?.some((one) => one !== 1)) return { why: 'its window has gaps' }
  if (
    node.attributes.int('ceil_mode', 0) === 1 &&
    c.overhang(node, size[0]!, size[0]!, [0, 0, 0, 0])?.every((one) => one === 0) !== true
  )
    return { why: ROUNDS_UP }
  return c.layer(node, 'l2-pool', size[0] === 2 ? {} : { size: size[0] }, [node.inputs[0]])
}

const batchNorm: Operator = (node, c) => {
  const [scale, shift, mean, variance] = node.inputs.slice(1, 5).map((name) => c.constant(name))
  if (!scale || !shift || !mean || !variance) return { why: 'its parameters are no constants' }
  const epsilon = single(node.attributes.float('epsilon', 1e-5))
  const momentum = single(node.attributes.float('momentum', 0.9))
  const attributes = { ...(epsilon !== 1e-5 && { epsilon }), ...(momentum !== 0.9 && { momentum }) }
  return c.layer(node, 'batch-norm', attributes, [node.inputs[0]], {
    scale: torch(scale),
    shift: torch(shift),
    mean: torch(mean),
    variance: torch(variance),
  })
}

const gemm: Operator = (node, c) => {
  const { attributes } = node
  const kernel = c.constant(node.inputs[1])
  const bias = c.constant(node.inputs[2])
  if (!kernel || (node.inputs[2] && !bias)) return { why: 'its weights are no constants' }
  if (attributes.float('alpha', 1) !== 1 || attributes.float('beta', 1) !== 1 || attributes.int('transA', 0) !== 0)
    return { why: 'it scales or turns what it multiplies' }
  // Of PyTorch, it may be of the last of more than two axes.
  if (attributes.int('last', 0) === 1) return perToken(c, node.name, c.view(node.inputs[0]), kernel, bias)
  return dense(node, c, kernel, bias, attributes.int('transB', 0) === 1)
}

function dense(
  node: OnnxNode,
  c: Converter,
  kernel: Pick<Constant, 'dims' | 'floats'>,
  bias: Constant | undefined,
  isTurned: boolean,
): Outcome {
  if (kernel.dims.length !== 2) return { why: `its weights have ${kernel.dims.length} axes` }
  const [rows, columns] = kernel.dims as [number, number]
  const value = c.value(node.inputs[0])
  if ('axes' in value) {
    const read = (): Float32Array => transposed(kernel.floats(), rows, columns)
    return perToken(c, node.name, c.viewOf(value), isTurned ? kernel : { dims: [columns, rows], floats: read }, bias)
  }
  const units = isTurned ? rows : columns
  return c.layer(node, 'dense', { units, ...(!bias && { bias: false }) }, [node.inputs[0]], {
    kernel: isTurned
      ? torch(kernel)
      : { shape: [columns, rows], order: 'torch', read: () => transposed(kernel.floats(), rows, columns) },
    ...(bias && { bias: { ...torch(bias), shape: bias.dims.filter((side) => side !== 1 || bias.length === 1) } }),
  })
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!
  return result
}

const add: Operator = (node, c) => withOne(node, c, 'shift') ?? c.layer(node, 'add', {}, node.inputs)

/** A value with a constant: one number is learned here, and more are not known. */
function withOne(node: OnnxNode, c: Converter, kind: 'scale' | 'shift'): Outcome | undefined {
  const at = node.inputs.findIndex((name) => c.constant(name))
  if (at < 0) return undefined
  const constant = c.constant(node.inputs[at])!
  const other = c.value(node.inputs[1 - at])
  if (kind === 'shift' && constant.length !== 1 && node.inputs.length === 2) {
    const added = position(c, node.name, c.viewOf(other), constant)
    if (added) return added
  }
  if (kind === 'scale' && constant.length === 1 && node.inputs.length === 2) {
    if ('products' in other) return scaledProducts(c, other.products, constant)
    if ('layer' in other && other.axes) return times(c, { ...other, axes: other.axes }, constant)
  }
  if (constant.length !== 1 || node.inputs.length !== 2)
    return { why: kind === 'shift' ? 'it adds a constant' : 'it multiplies by a constant' }
  return c.layer(node, kind, {}, [node.inputs[1 - at]], { [kind]: { ...torch(constant), shape: [1] } })
}

const groupNorm: Operator = (node, c) => {
  const [scale, shift] = node.inputs.slice(1, 3).map((name) => c.constant(name))
  if (!scale || !shift) return { why: 'its parameters are no constants' }
  const channels = c.channels(node.inputs[0])
  if (channels !== undefined && scale.length !== channels) return { why: 'its scale is a group’s and not a channel’s' }
  const { kind, attributes } = groupNormLayer(
    node.attributes.int('num_groups', 1),
    single(node.attributes.float('epsilon', 1e-5)),
  )
  return c.layer(node, kind, attributes, [node.inputs[0]], {
    scale: torch(scale),
    shift: torch(shift),
  })
}

const concat: Operator = (node, c) => {
  const axis = node.attributes.int('axis', 1)
  const [before, ...behind] = node.inputs
  const learned = c.constant(before)
  if (learned && behind.length === 1) {
    const view = c.view(behind[0])
    const at = view && axisOf(axis, view.axes.length)
    return view && at !== undefined
      ? classToken(c, node.name, learned, view, at)
      : { why: 'it joins a constant to what has no shape that is known' }
  }
  if (node.inputs.some((name) => 'axes' in c.value(name)))
    return { why: 'it joins tokens, and here channels of images are joined' }
  if (axis !== 1 && axis !== -3) return { why: `it joins along axis ${axis}, and here channels are joined` }
  const times = node.inputs.length
  if (times === 1) return c.value(node.inputs[0])
  if (node.inputs.every((name) => name === node.inputs[0]))
    return c.layer(node, 'duplicate', times === 2 ? {} : { times }, [node.inputs[0]])
  return c.layer(node, 'concatenate', {}, node.inputs)
}

/** A mean over height and width. */
const reduceMean: Operator = (node, c) => {
  const axes = node.attributes.ints('axes') ?? c.constant(node.inputs[1])?.integers()
  const view = c.view(node.inputs[0])
  if (view && axes && 'axes' in c.value(node.inputs[0]))
    return meanOfPlaces(c, node.name, view, axes, node.attributes.int('keepdims', 1) === 1)
  const places = axes?.map((axis) => (axis < 0 ? axis + 4 : axis)).sort()
  return places?.join() === '2,3'
    ? c.layer(node, 'global-average-pool', {}, [node.inputs[0]])
    : { why: 'it is a mean over other axes than height and width' }
}

/** Rows of features: dense layers flatten by themselves. */
const flatten: Operator = (node, c) => {
  if (node.attributes.int('axis', 1) !== 1) return { why: 'it flattens the batch too' }
  const [name] = node.inputs
  return 'axes' in c.value(name) ? reshapeTo(c, name, [0, -1]) : c.flattened(name)
}

const reshape: Operator = (node, c) => {
  const shape = c.constant(node.inputs[1])?.integers() ?? node.attributes.ints('shape')
  const [name] = node.inputs
  const value = c.value(name)
  if (shape?.length === 2 && !('axes' in value)) return c.flattened(name)
  const found = shape && reshapeTo(c, name, shape)
  if (found && !('why' in found)) return found
  if ('axes' in value && found) return found
  return { why: shape ? `it gives its input ${shape.length} axes` : 'the shape that it gives is worked out' }
}

/** An axis of one behind features, which their norm wants. */
const unsqueeze: Operator = (node, c) => {
  const axes = node.attributes.ints('axes') ?? c.constant(node.inputs[1])?.integers()
  const value = c.value(node.inputs[0])
  if (axes?.join() === '2' && c.isRow(node.inputs[0])) return value
  const view = c.view(node.inputs[0])
  return view ? withAxes(view, c, axes, true) : { why: 'it gives its input another axis' }
}

/** Sides of one pixel are dropped behind a mean over the image. */
const squeeze: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  const view = 'axes' in value ? c.viewOf(value) : undefined
  return view ? withAxes(view, c, told(node, c, 'axes', 1), false) : c.flattened(node.inputs[0])
}

const pad: Operator = (node, c) => {
  const pads = node.attributes.ints('pads') ?? c.constant(node.inputs[1])?.integers()
  const value = node.inputs[2] ? c.constant(node.inputs[2])?.floats()[0] : node.attributes.float('value', 0)
  if (node.attributes.text('mode', 'constant') !== 'constant' || value !== 0)
    return { why: 'it puts something other than zeros around' }
  if (pads?.length !== 8 || pads[0] !== 0 || pads[4] !== 0 || pads.some((one) => one < 0))
    return { why: 'it pads other axes than channels, height and width' }
  const isAround = [2, 3, 6, 7].some((at) => pads[at] !== 0)
  if (pads[1] !== 0 || pads[5] !== 0)
    return isAround ? { why: 'it pads channels and sides at once' } : c.widened(node, pads[1]!, pads[5]!)
  return c.padded(node.inputs[0], [pads[2]!, pads[3]!, pads[6]!, pads[7]!])
}

/** Every so-manieth pixel of the whole image. */
const slice: Operator = (node, c) => {
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map(
    (name, i) => c.constant(node.inputs[i + 1])?.integers() ?? node.attributes.ints(name),
  )
  if (!starts || !ends || ends.length !== starts.length) return { why: 'what it takes is worked out' }
  const value = c.value(node.inputs[0])
  if ('axes' in value) return sliceOfTokens(c, c.viewOf(value), starts, ends, axes, steps)
  const sides = c.sides(node.inputs[0])
  const along = [1, 1]
  for (const [i, start] of starts.entries()) {
    const axis = ((axes?.[i] ?? i) + 4) % 4
    const step = steps?.[i] ?? 1
    const isWhole = ends[i]! >= 2 ** 31 - 1 || (axis >= 2 && ends[i] === sides?.[axis - 2])
    if (start !== 0 || !isWhole || !Number.isSafeInteger(step) || step < 1 || (axis < 2 && step !== 1))
      return { why: 'it takes a part of its input' }
    if (axis >= 2) along[axis - 2] = step
  }
  return c.subsampled(node.inputs[0], along[0]!, along[1]!)
}

/** Entries behind one another along axes. */
function sliceOfTokens(
  c: Converter,
  given: ReturnType<Converter['view']>,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[] | undefined,
  steps: readonly number[] | undefined,
): Outcome {
  let view = given
  for (const [i, start] of starts.entries()) {
    const axis = view && axisOf(axes?.[i] ?? i, view.axes.length)
    if (!view || axis === undefined || (steps?.[i] ?? 1) !== 1) return { why: 'it takes a part of its input' }
    const side = sizeOf(view.axes[axis]!)
    const [first, end] = [start, ends[i]!].map((at) => Math.min(Math.max(0, at < 0 ? at + side : at), side)) as [number, number]
    const found = someOf(c, view, axis, first, end - first)
    if ('why' in found) return found
    view = c.viewOf(found)
  }
  return view ?? { why: 'it takes a part of its input' }
}

const clip: Operator = (node, c) => {
  const bound = (at: number, name: string): number | undefined =>
    node.inputs[at]
      ? c.constant(node.inputs[at])?.floats()[0]
      : node.attributes.has(name)
        ? node.attributes.float(name, 0)
        : undefined
  const [low, high] = [bound(1, 'min'), bound(2, 'max')]
  if (low !== 0) return { why: 'it clips to an interval that does not begin with 0' }
  if (high !== undefined)
    c.list.say('approximated', `a ReLU that ends at ${high} is taken as one without an end: values above ${high} differ`)
  return c.layer(node, 'relu', {}, [node.inputs[0]])
}

const leakyRelu: Operator = (node, c) => {
  const slope = single(node.attributes.float('alpha', 0.01))
  return c.layer(node, 'leaky-relu', slope === 0.01 ? {} : { slope }, [node.inputs[0]])
}

const elu: Operator = (node, c) =>
  node.attributes.float('alpha', 1) === 1
    ? c.layer(node, 'elu', {}, [node.inputs[0]])
    : { why: 'its slope far below zero is not 1' }

const gelu: Operator = (node, c) => {
  if (node.attributes.text('approximate', 'none') !== 'none')
    c.list.say('approximated', 'a GELU by tanh is taken as the exact one')
  return c.layer(node, 'gelu', {}, [node.inputs[0]])
}

/** In evaluation it does nothing; its rate is an input from opset 12 on. */
const dropout: Operator = (node, c) => {
  const value = c.value(node.inputs[0])
  if ('products' in value) {
    c.list.say('left', DROPS)
    return value
  }
  const rate = single(node.inputs[1] ? (c.constant(node.inputs[1])?.floats()[0] ?? 0.5) : node.attributes.float('ratio', 0.5))
  return c.layer(node, 'dropout', rate === 0.5 ? {} : { rate }, [node.inputs[0]])
}

/** x·σ(x) is a swish; by itself neither is a layer here. */
const multiply: Operator = (node, c) => {
  const [a, b] = node.inputs.map((name) => c.value(name))
  if (b && 'sigmoidOf' in b && a && 'layer' in a && b.sigmoidOf === a.layer) return c.layer(node, 'swish', {}, [node.inputs[0]])
  if (a && 'sigmoidOf' in a && b && 'layer' in b && a.sigmoidOf === b.layer) return c.layer(node, 'swish', {}, [node.inputs[1]])
  return withOne(node, c, 'scale') ?? { why: 'it multiplies two values' }
}

/** Each operator of ONNX that there is a layer for: https://onnx.ai/onnx/operators. */
export const operators: Readonly<Record<string, Operator>> = {
  Identity: passes,
  Cast: passes,
  Conv: conv,
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  Unsqueeze: unsqueeze,
  Relu: plain('relu'),
  LeakyRelu: leakyRelu,
  Elu: elu,
  Gelu: gelu,
  Tanh: plain('tanh'),
  Abs: plain('abs'),
  Swish: plain('swish'),
  Sigmoid: (node, c) => c.sigmoid(node.inputs[0]),
  Mul: multiply,
  Clip: clip,
  Dropout: dropout,
  Add: add,
  Sum: add,
  Concat: concat,
  MaxPool: pool('max-pool'),
  AveragePool: pool('average-pool'),
  GlobalAveragePool: plain('global-average-pool'),
  LpPool: l2Pool,
  GlobalLpPool: (node, c) =>
    node.attributes.int('p', 2) === 2
      ? c.layer(node, 'global-l2-pool', {}, [node.inputs[0]])
      : { why: 'its norm is not the Euclidean one' },
  ReduceMean: reduceMean,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Pad: pad,
  Slice: slice,
  Gemm: gemm,
  MatMul: (node, c) => {
    const kernel = c.constant(node.inputs[1])
    return kernel
      ? dense(node, c, kernel, c.biasBehind(node, kernel.dims.at(-1) ?? 0), false)
      : multiplied(c, node.name, node.inputs[0], node.inputs[1])
  },
  Transpose: transpose,
  Gather: gather,
  Softmax: softmax,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  Attention: attention,
  MultiHeadAttention: multiHead,
}
