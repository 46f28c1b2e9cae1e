import type { Dtype, Graph, Tensor, Window } from '../../../shared/ops/graph'
import { type Attribute, DATA_TYPE, type GraphNode } from './node'

const T = (dtype: Dtype): Attribute => ({ type: DATA_TYPE[dtype] })
const T_FLOAT = T('float')
const T_INT32 = T('int32')
const NHWC: Attribute = { s: 'NHWC' }

/** A variable of the session. */
export interface Variable {
  readonly handle: string
  readonly shape: readonly number[]
}

/** Collects the nodes of one TensorFlow graph. Nodes are named after the scope (layer) in which they are made. */
export class TensorGraph implements Graph {
  readonly nodes: GraphNode[] = []
  /** Channels of each batch norm, by node. */
  readonly normalised = new Map<string, number>()
  private readonly constants = new Map<string, Tensor>()
  private readonly used = new Map<string, number>()
  private scope = ''

  /** Names the nodes made meanwhile after a layer, so that TensorFlow's own messages say where. */
  within<R>(scope: string, make: () => R): R {
    const outer = this.scope
    this.scope = `${scope}/`
    try {
      return make()
    } finally {
      this.scope = outer
    }
  }

  /** Adds a node; returns its name. */
  node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}, name?: string): string {
    const wanted = name ?? this.scope + op
    const count = this.used.get(wanted) ?? 0
    this.used.set(wanted, count + 1)
    const unique = count === 0 ? wanted : `${wanted}_${count}`
    this.nodes.push({ name: unique, op, inputs: [...inputs], attributes })
    return unique
  }

  /** Adds a node with one tensor as its value. */
  tensor(
    op: string,
    inputs: readonly Tensor[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    dtype: Dtype = 'float',
    name?: string,
  ): Tensor {
    const id = this.node(
      op,
      inputs.map((input) => input.id),
      attributes,
      name,
    )
    return { id, shape, dtype }
  }

  placeholder(name: string, shape: readonly number[], dtype: Dtype = 'float'): Tensor {
    return this.tensor('Placeholder', [], shape, { dtype: T(dtype), shape: { shape } }, dtype, name)
  }

  constant(value: number | readonly number[], shape?: readonly number[], dtype: Dtype = 'float'): Tensor {
    const values = typeof value === 'number' ? [value] : value
    const dims = shape ?? (typeof value === 'number' ? [] : [values.length])
    const key = `${dtype}|${dims.join()}|${values.join()}`
    const known = values.length <= 64 ? this.constants.get(key) : undefined
    if (known) return known
    const content =
      dtype === 'int32' ? Int32Array.from(values) : dtype === 'double' ? Float64Array.from(values) : Float32Array.from(values)
    const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    const outer = this.scope
    this.scope = 'constant/'
    const made = this.tensor(
      'Const',
      [],
      dims,
      { dtype: T(dtype), value: { tensor: { dtype: DATA_TYPE[dtype], shape: dims, content: bytes } } },
      dtype,
    )
    this.scope = outer
    if (values.length <= 64) this.constants.set(key, made)
    return made
  }

  /** Whole numbers for shapes and axes. */
  integers(values: readonly number[]): Tensor {
    return this.constant(values, [values.length], 'int32')
  }

  variable(name: string, shape: readonly number[]): Variable {
    return { handle: this.node('VarHandleOp', [], { dtype: T_FLOAT, shape: { shape }, shared_name: { s: name } }, name), shape }
  }

  read(variable: Variable): Tensor {
    return { id: this.node('ReadVariableOp', [variable.handle], { dtype: T_FLOAT }), shape: variable.shape, dtype: 'float' }
  }

  /** @returns the node's name, to be waited for. */
  assign(variable: Variable, value: Tensor): string {
    return this.node('AssignVariableOp', [variable.handle, value.id], { dtype: T_FLOAT })
  }

  /** `value` once the named nodes have run. */
  after(value: Tensor, nodes: readonly string[], name?: string): Tensor {
    return { ...value, id: this.node('Identity', [value.id, ...nodes.map((node) => `^${node}`)], { T: T(value.dtype) }, name) }
  }

  /** A tensor under a name of its own, to be fetched. */
  named(name: string, value: Tensor): Tensor {
    return this.after(value, [], name)
  }

  private binary(op: string, a: Tensor, b: Tensor): Tensor {
    return this.tensor(op, [a, b], broadcast(a.shape, b.shape), { T: T(a.dtype) }, a.dtype)
  }

  private unary(op: string, x: Tensor): Tensor {
    return this.tensor(op, [x], x.shape, { T: T(x.dtype) }, x.dtype)
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.binary('AddV2', a, b)
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    return this.binary('Sub', a, b)
  }

  sum(terms: readonly Tensor[]): Tensor {
    if (terms.length === 1) return terms[0]!
    if (terms.length === 2) return this.add(terms[0]!, terms[1]!)
    return this.tensor('AddN', terms, terms[0]!.shape, { T: T(terms[0]!.dtype), N: { i: terms.length } }, terms[0]!.dtype)
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.binary('Mul', a, b)
  }

  multiplyNoNan(a: Tensor, b: Tensor): Tensor {
    return this.binary('MulNoNan', a, b)
  }

  divide(a: Tensor, b: Tensor): Tensor {
    return this.binary('RealDiv', a, b)
  }

  divideNoNan(a: Tensor, b: Tensor): Tensor {
    return this.binary('DivNoNan', a, b)
  }

  scale(a: Tensor, factor: number): Tensor {
    return factor === 1 ? a : this.multiply(a, this.constant(factor, [], a.dtype))
  }

  square(a: Tensor): Tensor {
    return this.unary('Square', a)
  }

  squareRoot(a: Tensor): Tensor {
    return this.unary('Sqrt', a)
  }

  relu(x: Tensor): Tensor {
    return this.unary('Relu', x)
  }

  reluGradient(dy: Tensor, y: Tensor): Tensor {
    return this.tensor('ReluGrad', [dy, y], y.shape, { T: T_FLOAT })
  }

  conv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid'): Tensor {
    const [n, height, width] = x.shape
    const side = (pixels: number, size: number): number =>
      padding === 'same' ? Math.ceil(pixels / stride) : Math.floor((pixels - size) / stride) + 1
    const shape = [n!, side(height!, kernel.shape[0]!), side(width!, kernel.shape[1]!), kernel.shape[3]!]
    return this.tensor('Conv2D', [x, kernel], shape, convolution(stride, padding))
  }

  conv2dInputGradient(
    inputShape: readonly number[],
    kernel: Tensor,
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
  ): Tensor {
    return this.tensor('Conv2DBackpropInput', [this.integers(inputShape), kernel, dy], inputShape, convolution(stride, padding))
  }

  conv2dKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, stride: number, padding: 'same' | 'valid'): Tensor {
    return this.tensor('Conv2DBackpropFilter', [x, this.integers(kernelShape), dy], kernelShape, convolution(stride, padding))
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.tensor('BiasAdd', [x, bias], x.shape, { T: T_FLOAT, data_format: NHWC })
  }

  biasGradient(dy: Tensor): Tensor {
    return this.tensor('BiasAddGrad', [dy], [dy.shape[dy.shape.length - 1]!], { T: T_FLOAT, data_format: NHWC })
  }

  batchNorm(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
  ): { y: Tensor; mean: Tensor; variance: Tensor; reserved: readonly Tensor[] } {
    const none = this.constant([], [0])
    const attributes = { ...batchNormalisation(epsilon, true), exponential_avg_factor: { f: 1 } }
    const y = this.tensor('FusedBatchNormV3', [x, gamma, beta, none, none], x.shape, attributes)
    this.normalised.set(y.id, gamma.shape[0]!)
    const output = (i: number): Tensor => ({ id: `${y.id}:${i}`, shape: gamma.shape, dtype: 'float' })
    return { y, mean: output(1), variance: output(2), reserved: [output(3), output(4), output(5)] }
  }

  batchNormGradient(
    dy: Tensor,
    x: Tensor,
    gamma: Tensor,
    reserved: readonly Tensor[],
    epsilon: number,
  ): { x: Tensor; gamma: Tensor; beta: Tensor } {
    const dx = this.tensor('FusedBatchNormGradV3', [dy, x, gamma, ...reserved], x.shape, batchNormalisation(epsilon, true))
    const output = (i: number): Tensor => ({ id: `${dx.id}:${i}`, shape: gamma.shape, dtype: 'float' })
    return { x: dx, gamma: output(1), beta: output(2) }
  }

  normalise(x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
    const attributes = { ...batchNormalisation(epsilon, false), exponential_avg_factor: { f: 1 } }
    const y = this.tensor('FusedBatchNormV3', [x, gamma, beta, mean, variance], x.shape, attributes)
    this.normalised.set(y.id, gamma.shape[0]!)
    return y
  }

  averagePool(x: Tensor, window: Window): Tensor {
    return this.tensor('AvgPool', [x], slid(x.shape, window), pooling(window))
  }

  averagePoolGradient(inputShape: readonly number[], dy: Tensor, window: Window): Tensor {
    return this.tensor('AvgPoolGrad', [this.integers(inputShape), dy], inputShape, pooling(window))
  }

  maxPool(x: Tensor, window: Window): Tensor {
    return this.tensor('MaxPool', [x], slid(x.shape, window), pooling(window))
  }

  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window): Tensor {
    return this.tensor('MaxPoolGrad', [x, y, dy], x.shape, pooling(window))
  }

  /** Sum over some axes, which go. */
  sumOver(x: Tensor, axes: readonly number[]): Tensor {
    return this.reduction('Sum', x, axes)
  }

  private reduction(op: string, x: Tensor, axes: readonly number[]): Tensor {
    const shape = x.shape.filter((_, axis) => !axes.includes(axis))
    return this.tensor(op, [x, this.integers(axes)], shape, { T: T(x.dtype), Tidx: T_INT32, keep_dims: { b: false } }, x.dtype)
  }

  sumOverSpace(x: Tensor): Tensor {
    return this.sumOver(x, [1, 2])
  }

  spreadOverSpace(x: Tensor, height: number, width: number): Tensor {
    const [n, channels] = x.shape
    const shape = [n!, height, width, channels!]
    return this.tensor('BroadcastTo', [this.reshape(x, [n!, 1, 1, channels!]), this.integers(shape)], shape, {
      T: T_FLOAT,
      Tidx: T_INT32,
    })
  }

  concatenateChannels(parts: readonly Tensor[]): Tensor {
    const channels = parts.reduce((sum, part) => sum + part.shape[3]!, 0)
    return this.concatenate(parts, 3, [...parts[0]!.shape.slice(0, 3), channels])
  }

  /** Joins tensors along an axis. */
  concatenate(parts: readonly Tensor[], axis: number, shape: readonly number[]): Tensor {
    if (parts.length === 1) return parts[0]!
    const attributes = { T: T(parts[0]!.dtype), N: { i: parts.length }, Tidx: T_INT32 }
    return this.tensor('ConcatV2', [...parts, this.constant(axis, [], 'int32')], shape, attributes, parts[0]!.dtype)
  }

  sliceChannels(x: Tensor, first: number, count: number): Tensor {
    const shape = [...x.shape.slice(0, 3), count]
    // −1 says “to the end”, which is all there is on the other axes, whatever the batch.
    return this.tensor('Slice', [x, this.integers([0, 0, 0, first]), this.integers([-1, -1, -1, count])], shape, {
      T: T_FLOAT,
      Index: T_INT32,
    })
  }

  padChannels(x: Tensor, count: number): Tensor {
    if (count === 0) return x
    const paddings = this.constant([0, 0, 0, 0, 0, 0, 0, count], [4, 2], 'int32')
    return this.tensor('Pad', [x, paddings], [...x.shape.slice(0, 3), x.shape[3]! + count], { T: T_FLOAT, Tpaddings: T_INT32 })
  }

  subsample(x: Tensor, stride: number): Tensor {
    const [n, height, width, channels] = x.shape
    const shape = [n!, Math.ceil(height! / stride), Math.ceil(width! / stride), channels!]
    const zeros = this.integers([0, 0, 0, 0])
    return this.tensor('StridedSlice', [x, zeros, zeros, this.integers([1, stride, stride, 1])], shape, everyStride)
  }

  subsampleGradient(inputShape: readonly number[], dy: Tensor, stride: number): Tensor {
    const zeros = this.integers([0, 0, 0, 0])
    return this.tensor(
      'StridedSliceGrad',
      [this.integers(inputShape), zeros, zeros, this.integers([1, stride, stride, 1]), dy],
      inputShape,
      everyStride,
    )
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    if (shape.length === x.shape.length && shape.every((side, i) => side === x.shape[i])) return x
    return this.tensor('Reshape', [x, this.integers(shape)], shape, { T: T(x.dtype), Tshape: T_INT32 }, x.dtype)
  }

  matmul(a: Tensor, b: Tensor, transpose: { a?: boolean; b?: boolean } = {}): Tensor {
    const shape = [a.shape[transpose.a ? 1 : 0]!, b.shape[transpose.b ? 0 : 1]!]
    const attributes = { T: T(a.dtype), transpose_a: { b: transpose.a ?? false }, transpose_b: { b: transpose.b ?? false } }
    return this.tensor('MatMul', [a, b], shape, attributes, a.dtype)
  }

  softmaxCrossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor } {
    const losses = this.tensor('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], [logits.shape[0]!], {
      T: T_FLOAT,
      Tlabels: T_INT32,
    })
    return { losses, gradient: { id: `${losses.id}:1`, shape: logits.shape, dtype: 'float' } }
  }

  mean(x: Tensor): Tensor {
    return this.reduction(
      'Mean',
      x,
      x.shape.map((_, axis) => axis),
    )
  }

  cast(x: Tensor, dtype: Dtype): Tensor {
    return x.dtype === dtype
      ? x
      : this.tensor('Cast', [x], x.shape, { SrcT: T(x.dtype), DstT: T(dtype), Truncate: { b: false } }, dtype)
  }

  /** Half the sum of squares, a scalar. */
  halfSquaredNorm(x: Tensor): Tensor {
    return this.tensor('L2Loss', [x], [], { T: T_FLOAT })
  }

  /** Scalars as one vector. */
  pack(scalars: readonly Tensor[]): Tensor {
    return this.tensor(
      'Pack',
      scalars,
      [scalars.length],
      { T: T(scalars[0]!.dtype), N: { i: scalars.length }, axis: { i: 0 } },
      scalars[0]!.dtype,
    )
  }

  /** A vector cut into consecutive pieces of these lengths. */
  split(x: Tensor, lengths: readonly number[]): Tensor[] {
    if (lengths.length === 1) return [x]
    const attributes = { T: T(x.dtype), Tlen: T_INT32, num_split: { i: lengths.length } }
    const id = this.node('SplitV', [x.id, this.integers(lengths).id, this.constant(0, [], 'int32').id], attributes)
    return lengths.map((length, i) => ({ id: i === 0 ? id : `${id}:${i}`, shape: [length], dtype: x.dtype }))
  }
}

/** Shape of an elementwise result; sides of 1 stretch, and missing leading ones count as 1. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const lead = long.length - short.length
  return long.map((side, i) => (i < lead || short[i - lead] === 1 ? side : side === 1 ? short[i - lead]! : side))
}

/** All rows and columns from the first, by the strides: masks say “no begin, no end”. */
const everyStride: Record<string, Attribute> = {
  T: T_FLOAT,
  Index: T_INT32,
  begin_mask: { i: 15 },
  end_mask: { i: 15 },
  ellipsis_mask: { i: 0 },
  new_axis_mask: { i: 0 },
  shrink_axis_mask: { i: 0 },
}

function convolution(stride: number, padding: 'same' | 'valid'): Record<string, Attribute> {
  return {
    T: T_FLOAT,
    strides: { ints: [1, stride, stride, 1] },
    dilations: { ints: [1, 1, 1, 1] },
    padding: { s: padding.toUpperCase() },
    data_format: NHWC,
    use_cudnn_on_gpu: { b: true },
  }
}

function batchNormalisation(epsilon: number, training: boolean): Record<string, Attribute> {
  return { T: T_FLOAT, U: T_FLOAT, epsilon: { f: epsilon }, data_format: NHWC, is_training: { b: training } }
}

function pooling({ size, stride, padding }: Window): Record<string, Attribute> {
  return {
    T: T_FLOAT,
    ksize: { ints: [1, size, size, 1] },
    strides: { ints: [1, stride, stride, 1] },
    padding: { s: padding.toUpperCase() },
    data_format: NHWC,
  }
}

function slid(shape: readonly number[], { size, stride, padding }: Window): number[] {
  const side = (pixels: number): number =>
    padding === 'same' ? Math.ceil(pixels / stride) : Math.floor((pixels - size) / stride) + 1
  return [shape[0]!, side(shape[1]!), side(shape[2]!), shape[3]!]
}
