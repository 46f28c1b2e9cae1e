import type { Graph, Tensor, Window } from '../../../shared/ops/graph'
import { slide } from '../../../shared/ops/op'
import { ConvolutionGraph } from './convolution-graph'
import type { Attribute } from './node'
import { NHWC, T_FLOAT, T_INT32 } from './node-graph'

/** The whole vocabulary in which layers say their passes. */
export class TensorGraph extends ConvolutionGraph implements Graph {
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

/** The shape that batch norm takes: images as they are, vectors [N, features] as [N, 1, 1, features]. */
const imagesShape = ({ shape }: Tensor): readonly number[] => (shape.length === 2 ? [shape[0]!, 1, 1, shape[1]!] : shape)

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
  const side = (pixels: number): number => slide(pixels, size, stride, padding)
  return [shape[0]!, side(shape[1]!), side(shape[2]!), shape[3]!]
}
