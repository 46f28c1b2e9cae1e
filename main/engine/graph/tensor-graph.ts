import type { Graph, Tensor, Window } from '../../../shared/ops/graph'
import { ArithmeticGraph } from './arithmetic-graph'
import type { Attribute } from './node'
import { T_FLOAT, T_INT32 } from './node-graph'

const NHWC: Attribute = { s: 'NHWC' }

/** The whole vocabulary in which layers say their passes. */
export class TensorGraph extends ArithmeticGraph implements Graph {
  /** Channels of each batch norm, by node. */
  readonly normalised = new Map<string, number>()
  /** Reshapes around the batch norms of vectors in training. */
  readonly detours = new Set<string>()

  relu(x: Tensor): Tensor {
    return this.unary('Relu', x)
  }

  reluGradient(dy: Tensor, y: Tensor): Tensor {
    return this.tensor('ReluGrad', [dy, y], y.shape, { T: T_FLOAT })
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    return this.tensor('LeakyRelu', [x], x.shape, { T: T_FLOAT, alpha: { f: slope } })
  }

  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor {
    return this.tensor('LeakyReluGrad', [dy, x], x.shape, { T: T_FLOAT, alpha: { f: slope } })
  }

  elu(x: Tensor): Tensor {
    return this.unary('Elu', x)
  }

  eluGradient(dy: Tensor, y: Tensor): Tensor {
    return this.tensor('EluGrad', [dy, y], y.shape, { T: T_FLOAT })
  }

  tanh(x: Tensor): Tensor {
    return this.unary('Tanh', x)
  }

  sigmoid(x: Tensor): Tensor {
    return this.unary('Sigmoid', x)
  }

  softmax(x: Tensor): Tensor {
    return this.unary('Softmax', x)
  }

  conv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid', dilation = 1): Tensor {
    if (isPointwise(kernel.shape)) return this.pointwise(this.subsample(x, stride), kernel)
    const [n, height, width] = x.shape
    const [kh, kw, filters] = [reachOf(kernel.shape[0]!, dilation), reachOf(kernel.shape[1]!, dilation), kernel.shape[3]!]
    const shape = [n!, outputSide(height!, kh, stride, padding), outputSide(width!, kw, stride, padding), filters]
    return this.tensor('Conv2D', [x, kernel], shape, convolution(stride, padding, dilation))
  }

  conv2dInputGradient(
    inputShape: readonly number[],
    kernel: Tensor,
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
    dilation = 1,
  ): Tensor {
    if (isPointwise(kernel.shape)) return this.subsampleGradient(inputShape, this.pointwise(dy, kernel, true), stride)
    const attributes = convolution(stride, padding, dilation)
    return this.tensor('Conv2DBackpropInput', [this.integers(inputShape), kernel, dy], inputShape, attributes)
  }

  conv2dKernelGradient(
    x: Tensor,
    kernelShape: readonly number[],
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
    dilation = 1,
  ): Tensor {
    if (isPointwise(kernelShape)) {
      const rows = this.matmul(asRows(this, this.subsample(x, stride)), asRows(this, dy), { a: true })
      return this.reshape(rows, kernelShape)
    }
    const attributes = convolution(stride, padding, dilation)
    return this.tensor('Conv2DBackpropFilter', [x, this.integers(kernelShape), dy], kernelShape, attributes)
  }

  depthwiseConv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid'): Tensor {
    const [n, height, width, channels] = x.shape as [number, number, number, number]
    const shape = [
      n,
      outputSide(height, kernel.shape[0]!, stride, padding),
      outputSide(width, kernel.shape[1]!, stride, padding),
      channels * kernel.shape[3]!,
    ]
    return this.tensor('DepthwiseConv2dNative', [x, kernel], shape, depthwise(stride, padding))
  }

  depthwiseConv2dInputGradient(x: Tensor, kernel: Tensor, dy: Tensor, stride: number, padding: 'same' | 'valid'): Tensor {
    const inputs = [this.integers(x.shape), kernel, dy]
    return this.tensor('DepthwiseConv2dNativeBackpropInput', inputs, x.shape, depthwise(stride, padding))
  }

  depthwiseConv2dKernelGradient(
    x: Tensor,
    kernelShape: readonly number[],
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
  ): Tensor {
    const inputs = [x, this.integers(kernelShape), dy]
    return this.tensor('DepthwiseConv2dNativeBackpropFilter', inputs, kernelShape, depthwise(stride, padding))
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
    const images = this.asImages(x)
    const y = this.tensor('FusedBatchNormV3', [images, gamma, beta, none, none], images.shape, attributes)
    this.normalised.set(y.id, gamma.shape[0]!)
    const output = (i: number): Tensor => ({ id: `${y.id}:${i}`, shape: gamma.shape, dtype: 'float' })
    return { y: this.asVectors(y, x), mean: output(1), variance: output(2), reserved: [output(3), output(4), output(5)] }
  }

  batchNormGradient(
    dy: Tensor,
    x: Tensor,
    gamma: Tensor,
    reserved: readonly Tensor[],
    epsilon: number,
  ): { x: Tensor; gamma: Tensor; beta: Tensor } {
    const [images, dImages] = [this.asImages(x), this.asImages(dy)]
    const inputs = [dImages, images, gamma, ...reserved]
    const dx = this.tensor('FusedBatchNormGradV3', inputs, images.shape, batchNormalisation(epsilon, true))
    const output = (i: number): Tensor => ({ id: `${dx.id}:${i}`, shape: gamma.shape, dtype: 'float' })
    return { x: this.asVectors(dx, x), gamma: output(1), beta: output(2) }
  }

  normalise(x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
    const attributes = { ...batchNormalisation(epsilon, false), exponential_avg_factor: { f: 1 } }
    const images = this.reshape(x, imagesShape(x))
    const y = this.tensor('FusedBatchNormV3', [images, gamma, beta, mean, variance], images.shape, attributes)
    this.normalised.set(y.id, gamma.shape[0]!)
    return this.reshape(y, x.shape)
  }

  /** Vectors as images of one pixel, for TensorFlow's batch norm, which takes nothing else; our own kernels do without. */
  private asImages(x: Tensor): Tensor {
    return this.detour(this.reshape(x, imagesShape(x)), x)
  }

  private asVectors(y: Tensor, like: Tensor): Tensor {
    return this.detour(this.reshape(y, like.shape), y)
  }

  private detour(made: Tensor, from: Tensor): Tensor {
    if (made.id !== from.id) this.detours.add(made.id)
    return made
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

  maxPoolChosen(x: Tensor, y: Tensor, dx: Tensor, window: Window): Tensor {
    const chosen = this.tensor('MaxPoolGradGrad', [x, y, dx], y.shape, pooling(window))
    // Where shapes are equal TensorFlow writes into the memory of dx, clearing it first, unless somebody still waits for dx.
    return this.after(chosen, [this.after(dx, [chosen.id]).id])
  }

  sumOverSpace(x: Tensor): Tensor {
    return this.sumOver(x, [1, 2])
  }

  spreadOverSpace(x: Tensor, height: number, width: number): Tensor {
    const [n, channels] = x.shape
    const shape = [n!, height, width, channels!]
    return this.stretch(this.reshape(x, [n!, 1, 1, channels!]), shape)
  }

  concatenateChannels(parts: readonly Tensor[]): Tensor {
    return this.joinAlong(parts, 3)
  }

  sliceChannels(x: Tensor, first: number, count: number): Tensor {
    return this.sliceAlong(x, 3, first, count)
  }

  padChannels(x: Tensor, before: number, after: number): Tensor {
    return this.padAlong(x, 3, before, after)
  }

  padSpace(x: Tensor, pixels: number, value = 0): Tensor {
    if (pixels === 0) return x
    const paddings = this.constant([0, 0, pixels, pixels, pixels, pixels, 0, 0], [4, 2], 'int32')
    const [n, height, width, channels] = x.shape as [number, number, number, number]
    const shape = [n, height + 2 * pixels, width + 2 * pixels, channels]
    const types = { T: T_FLOAT, Tpaddings: T_INT32 }
    return value === 0
      ? this.tensor('Pad', [x, paddings], shape, types)
      : this.tensor('PadV2', [x, paddings, this.constant(value)], shape, types)
  }

  cropSpace(x: Tensor, pixels: number): Tensor {
    if (pixels === 0) return x
    const [n, height, width, channels] = x.shape as [number, number, number, number]
    const shape = [n, height - 2 * pixels, width - 2 * pixels, channels]
    // −1 says “to the end”: of the batch, whatever it is.
    const sizes = this.integers([-1, shape[1]!, shape[2]!, -1])
    return this.tensor('Slice', [x, this.integers([0, pixels, pixels, 0]), sizes], shape, { T: T_FLOAT, Index: T_INT32 })
  }

  /**
   * A 1×1 convolution is a product of matrices, [pixels, channels] × [channels, filters], and TensorFlow's MatMul takes up to a third
   * less time for it than its Conv2D does. With a stride the pixels are taken before: oneDNN's strided 1×1 kernels write beyond
   * their memory for some shapes (seen with 5 images of 12×12×8 in TensorFlow 2.21).
   */
  private pointwise(x: Tensor, kernel: Tensor, adjoint = false): Tensor {
    const [, , channels, filters] = kernel.shape as [number, number, number, number]
    const matrix = this.reshape(kernel, [channels, filters])
    const y = this.matmul(asRows(this, x), matrix, { b: adjoint })
    return this.reshape(y, [...x.shape.slice(0, 3), adjoint ? channels : filters])
  }

  subsample(x: Tensor, stride: number): Tensor {
    if (stride === 1) return x
    const [n, height, width, channels] = x.shape as [number, number, number, number]
    if (height % stride === 0 && width % stride === 0) {
      const cells = this.reshape(x, cellsOf(x.shape, stride))
      const size = [-1, 1, width / stride, channels]
      const kept = this.tensor('Slice', [cells, this.integers([0, 0, 0, 0]), this.integers(size)], size, {
        T: T_FLOAT,
        Index: T_INT32,
      })
      return this.reshape(kept, [n, height / stride, width / stride, channels])
    }
    const shape = [n, Math.ceil(height / stride), Math.ceil(width / stride), channels]
    const zeros = this.integers([0, 0, 0, 0])
    return this.tensor('StridedSlice', [x, zeros, zeros, this.integers([1, stride, stride, 1])], shape, everyStride)
  }

  subsampleGradient(inputShape: readonly number[], dy: Tensor, stride: number): Tensor {
    if (stride === 1) return dy
    const [, height, width, channels] = inputShape as [number, number, number, number]
    if (height % stride === 0 && width % stride === 0) {
      const kept = this.reshape(dy, [-1, 1, width / stride, channels])
      const paddings = this.constant([0, 0, 0, stride - 1, 0, 0, 0, (stride - 1) * channels], [4, 2], 'int32')
      const cells = cellsOf(inputShape, stride)
      return this.reshape(this.tensor('Pad', [kept, paddings], cells, { T: T_FLOAT, Tpaddings: T_INT32 }), inputShape)
    }
    const zeros = this.integers([0, 0, 0, 0])
    return this.tensor(
      'StridedSliceGrad',
      [this.integers(inputShape), zeros, zeros, this.integers([1, stride, stride, 1]), dy],
      inputShape,
      everyStride,
    )
  }

  softmaxCrossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor } {
    const losses = this.tensor('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], [logits.shape[0]!], {
      T: T_FLOAT,
      Tlabels: T_INT32,
    })
    return { losses, gradient: { id: `${losses.id}:1`, shape: logits.shape, dtype: 'float' } }
  }

  smoothedCrossEntropy(logits: Tensor, labels: Tensor, share: number): { losses: Tensor; gradient: Tensor } {
    const classes = logits.shape[1]!
    const depth = this.constant(classes, [], 'int32')
    const [on, off] = [this.constant(1 - share + share / classes), this.constant(share / classes)]
    const attributes = { T: T_FLOAT, TI: T_INT32, axis: { i: -1 } }
    const targets = this.tensor('OneHot', [labels, depth, on, off], logits.shape, attributes)
    const losses = this.tensor('SoftmaxCrossEntropyWithLogits', [logits, targets], [logits.shape[0]!], { T: T_FLOAT })
    return { losses, gradient: { id: `${losses.id}:1`, shape: logits.shape, dtype: 'float' } }
  }
}

const outputSide = (pixels: number, size: number, stride: number, padding: 'same' | 'valid'): number =>
  padding === 'same' ? Math.ceil(pixels / stride) : Math.floor((pixels - size) / stride) + 1

const isPointwise = (kernelShape: readonly number[]): boolean => kernelShape[0] === 1 && kernelShape[1] === 1

/** The shape that batch norm takes: images as they are, vectors [N, features] as [N, 1, 1, features]. */
const imagesShape = ({ shape }: Tensor): readonly number[] => (shape.length === 2 ? [shape[0]!, 1, 1, shape[1]!] : shape)

/** [N, H, W, C] as a matrix, a row a pixel. */
const asRows = (g: ArithmeticGraph, x: Tensor): Tensor => g.reshape(x, [-1, x.shape[3]!])

/**
 * Shape in which a stride-th pixel is the front part of each row's cell: [N·H/s, s, W/s, s·C]. Slice and Pad copy such rows whole,
 * which is fifteen times faster than StridedSlice and its gradient.
 */
const cellsOf = ([, , width, channels]: readonly number[], stride: number): number[] => [
  -1,
  stride,
  width! / stride,
  stride * channels!,
]

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

const reachOf = (size: number, dilation: number): number => dilation * (size - 1) + 1

function convolution(stride: number, padding: 'same' | 'valid', dilation = 1): Record<string, Attribute> {
  return {
    T: T_FLOAT,
    strides: { ints: [1, stride, stride, 1] },
    dilations: { ints: [1, dilation, dilation, 1] },
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

function depthwise(stride: number, padding: 'same' | 'valid'): Record<string, Attribute> {
  const { use_cudnn_on_gpu: _, ...attributes } = convolution(stride, padding)
  return attributes
}
