/**
 * The words in which a layer says its forward and backward pass: a thin vocabulary of TensorFlow's ops.
 * Layouts are TensorFlow's: activations [N, H, W, C], kernels [kh, kw, in, out], dense kernels [in, out].
 */

export type Dtype = 'float' | 'double' | 'int32' | 'bool' | 'complex64' | 'complex128'

/** The value of one output of one node. A batch of any size is −1 in the shape. */
export interface Tensor {
  readonly id: string
  readonly shape: readonly number[]
  readonly dtype: Dtype
}

export interface Window {
  /** Side, pixels. */
  readonly size: number
  readonly stride: number
  readonly padding: 'same' | 'valid'
}

export interface Graph {
  constant(value: number | readonly number[], shape?: readonly number[], dtype?: Dtype): Tensor

  add(a: Tensor, b: Tensor): Tensor
  /** Sum of one or more tensors of one shape. */
  sum(terms: readonly Tensor[]): Tensor
  subtract(a: Tensor, b: Tensor): Tensor
  multiply(a: Tensor, b: Tensor): Tensor
  /** a·b, 0 where b is 0 whatever a is. */
  multiplyNoNan(a: Tensor, b: Tensor): Tensor
  /** a/b, 0 where b is 0. */
  divideNoNan(a: Tensor, b: Tensor): Tensor
  scale(a: Tensor, factor: number): Tensor
  square(a: Tensor): Tensor
  squareRoot(a: Tensor): Tensor
  /** 1/√a. */
  inverseRoot(a: Tensor): Tensor
  exp(a: Tensor): Tensor
  erf(a: Tensor): Tensor
  /** Mean over some axes, which stay with length 1. */
  meanOver(x: Tensor, axes: readonly number[]): Tensor
  /** Sum over some axes, which go. */
  sumOver(x: Tensor, axes: readonly number[]): Tensor
  /** The same values along axes on which x has length 1; its shape, the batch known. */
  stretch(x: Tensor, shape: readonly number[]): Tensor
  /** The lesser of x and a number. */
  atMost(x: Tensor, most: number): Tensor
  /** 1 where x is at least the bound, else 0. */
  atLeast(x: Tensor, bound: number): Tensor
  /** Uniform random numbers in [0, 1) in the shape of x, the same for the same key and stream. */
  uniform(x: Tensor, key: Tensor, stream: number): Tensor

  relu(x: Tensor): Tensor
  /** dy where y > 0, else 0. */
  reluGradient(dy: Tensor, y: Tensor): Tensor

  leakyRelu(x: Tensor, slope: number): Tensor
  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor
  elu(x: Tensor): Tensor
  eluGradient(dy: Tensor, y: Tensor): Tensor
  tanh(x: Tensor): Tensor
  sigmoid(x: Tensor): Tensor

  /** @param dilation Pixels from one tap to the next, 1 unless told. */
  conv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid', dilation?: number): Tensor
  /** Zeros (or another value) around each image, so many pixels on every side; and the image without its outer pixels. */
  padSpace(x: Tensor, pixels: number, value?: number): Tensor
  cropSpace(x: Tensor, pixels: number): Tensor
  conv2dInputGradient(
    inputShape: readonly number[],
    kernel: Tensor,
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
    dilation?: number,
  ): Tensor
  conv2dKernelGradient(
    x: Tensor,
    kernelShape: readonly number[],
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
    dilation?: number,
  ): Tensor
  /** Kernels are [kh, kw, channels, multiplier]. */
  depthwiseConv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid'): Tensor
  depthwiseConv2dInputGradient(x: Tensor, kernel: Tensor, dy: Tensor, stride: number, padding: 'same' | 'valid'): Tensor
  depthwiseConv2dKernelGradient(
    x: Tensor,
    kernelShape: readonly number[],
    dy: Tensor,
    stride: number,
    padding: 'same' | 'valid',
  ): Tensor
  addBias(x: Tensor, bias: Tensor): Tensor
  biasGradient(dy: Tensor): Tensor

  /** Normalisation of images [N, H, W, C] or vectors [N, C] by the batch's own statistics; variance is the unbiased one, reserved what the gradient needs. */
  batchNorm(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
  ): { y: Tensor; mean: Tensor; variance: Tensor; reserved: readonly Tensor[] }
  batchNormGradient(
    dy: Tensor,
    x: Tensor,
    gamma: Tensor,
    reserved: readonly Tensor[],
    epsilon: number,
  ): { x: Tensor; gamma: Tensor; beta: Tensor }
  /** Normalisation by given statistics. */
  normalise(x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor

  averagePool(x: Tensor, window: Window): Tensor
  averagePoolGradient(inputShape: readonly number[], dy: Tensor, window: Window): Tensor
  maxPool(x: Tensor, window: Window): Tensor
  maxPoolGradient(x: Tensor, y: Tensor, dy: Tensor, window: Window): Tensor
  /** Of a tensor like x the entries that were the largest of their windows. */
  maxPoolChosen(x: Tensor, y: Tensor, dx: Tensor, window: Window): Tensor
  /** Sum over height and width: [N, H, W, C] → [N, C]. */
  sumOverSpace(x: Tensor): Tensor
  /** [N, C] → [N, H, W, C], the same value at every position. */
  spreadOverSpace(x: Tensor, height: number, width: number): Tensor

  concatenateChannels(parts: readonly Tensor[]): Tensor
  /** Channels first … first + count − 1. */
  sliceChannels(x: Tensor, first: number, count: number): Tensor
  /** Zeros behind the last channel. */
  padChannels(x: Tensor, before: number, after: number): Tensor
  /** Every stride-th row and column, from the first. */
  subsample(x: Tensor, stride: number): Tensor
  subsampleGradient(inputShape: readonly number[], dy: Tensor, stride: number): Tensor

  reshape(x: Tensor, shape: readonly number[]): Tensor
  /** With its axes in another order. @param order For each axis of the result, which of x's it is. */
  transpose(x: Tensor, order: readonly number[]): Tensor
  /** The other way round along some axes. */
  reverse(x: Tensor, axes: readonly number[]): Tensor
  /** So many entries of an axis from the first; zeros before and behind along an axis; tensors behind one another along one. */
  sliceAlong(x: Tensor, axis: number, first: number, count: number): Tensor
  padAlong(x: Tensor, axis: number, before: number, behind: number): Tensor
  joinAlong(parts: readonly Tensor[], axis: number): Tensor
  matmul(a: Tensor, b: Tensor, transpose?: { a?: boolean; b?: boolean }): Tensor
  /** Products of the matrices in the last two axes, for each index of the axes before, which are the same. */
  matmulEach(a: Tensor, b: Tensor, transpose?: { a?: boolean; b?: boolean }): Tensor
  /** exp(x)/Σ exp(x) along the last axis. */
  softmax(x: Tensor): Tensor
  /** Of each square matrix of a stack [n, side, side]. */
  inverse(x: Tensor): Tensor
  /** The same values in another precision. */
  cast(x: Tensor, dtype: Dtype): Tensor

  /** Cross-entropy of each row, nats, and its gradient in the logits. */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor }
  /** The same against targets that are smoothed: 1 − share + share/classes at the label, share/classes elsewhere. */
  smoothedCrossEntropy(logits: Tensor, labels: Tensor, share: number): { losses: Tensor; gradient: Tensor }
  mean(x: Tensor): Tensor
}
