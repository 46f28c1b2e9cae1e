import type { Tensor } from '../../../shared/ops/graph'
import { slide } from '../../../shared/ops/op'
import { ArithmeticGraph } from './arithmetic-graph'
import type { Attribute } from './node'
import { NHWC, T_FLOAT, T_INT32 } from './node-graph'

/** Convolutions, and every so-manieth pixel of an image. */
export class ConvolutionGraph extends ArithmeticGraph {
  conv2d(x: Tensor, kernel: Tensor, stride: number, padding: 'same' | 'valid', dilation = 1): Tensor {
    if (isPointwise(kernel.shape)) return this.pointwise(this.subsample(x, stride), kernel)
    const [n, height, width] = x.shape
    const [kh, kw, filters] = [reachOf(kernel.shape[0]!, dilation), reachOf(kernel.shape[1]!, dilation), kernel.shape[3]!]
    const shape = [n!, slide(height!, kh, stride, padding), slide(width!, kw, stride, padding), filters]
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
      slide(height, kernel.shape[0]!, stride, padding),
      slide(width, kernel.shape[1]!, stride, padding),
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
}

const isPointwise = (kernelShape: readonly number[]): boolean => kernelShape[0] === 1 && kernelShape[1] === 1

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

function depthwise(stride: number, padding: 'same' | 'valid'): Record<string, Attribute> {
  const { use_cudnn_on_gpu: _, ...attributes } = convolution(stride, padding)
  return attributes
}
