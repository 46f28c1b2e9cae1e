import { UserError } from '../../../shared/errors'

/** How a convolution treats the edges of its input: it wraps around, or there are zeros, so many before and after each axis. */
export type Padding = 'circular' | 'same' | number

/** A convolution as the linear operator that it is, on inputs of a size. */
export interface ConvolutionOperator {
  /** [kh, kw, in / groups, out]. */
  readonly shape: readonly [number, number, number, number]
  readonly values: Float32Array
  /** Side of its inputs, or height and width. */
  readonly size: number | readonly [height: number, width: number]
  /** `same` as TensorFlow pads, a number of pixels on every side as PyTorch does. */
  readonly padding: Padding
  readonly stride: number
  /** Groups of channels that do not see each other; as many as channels for a depthwise convolution. */
  readonly groups: number
  /** Pixels from one tap to the next; 1 unless told. */
  readonly dilation?: number
}

/** Height and width of what enters. */
export function sidesOf({ size }: Pick<ConvolutionOperator, 'size'>): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size
}

/** The same operator without dilation: its kernel has zeros between the taps. */
export function withoutDilation(operator: ConvolutionOperator): ConvolutionOperator & { readonly dilation?: 1 } {
  const { shape, values, dilation = 1 } = operator
  if (dilation === 1) return { ...operator, dilation: 1 }
  const [kh, kw, fanIn, out] = shape
  const [high, wide] = [dilation * (kh - 1) + 1, dilation * (kw - 1) + 1]
  const each = fanIn * out
  const spread = new Float32Array(high * wide * each)
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const tap = (i * kw + j) * each
      spread.set(values.subarray(tap, tap + each), (i * wide + j) * dilation * each)
    }
  return { ...operator, shape: [high, wide, fanIn, out], values: spread, dilation: 1 }
}

/** Where an axis's windows begin, and how many there are. */
export interface Axis {
  readonly side: number
  readonly kernel: number
  readonly before: number
  readonly outputs: number
}

/** @throws UserError where the kernel is larger than its padded input. */
function axisOf(
  side: number,
  kernel: number,
  { padding, stride }: Pick<ConvolutionOperator, 'padding' | 'stride'>,
  place: string,
): Axis {
  if (padding === 'circular') return { side, kernel, before: 0, outputs: Math.ceil(side / stride) }
  if (padding === 'same') {
    const outputs = Math.ceil(side / stride)
    const pad = Math.max((outputs - 1) * stride + kernel - side, 0)
    return { side, kernel, before: Math.floor(pad / 2), outputs }
  }
  const outputs = Math.floor((side + 2 * padding - kernel) / stride) + 1
  if (outputs < 1)
    throw new UserError(`a kernel of ${kernel} pixels is larger than an input of ${side} with ${padding} around it`, {
      place,
      remedy: 'choose a larger --size or --padding',
    })
  return { side, kernel, before: padding, outputs }
}

/** Down and across. @throws UserError where the kernel is larger than its padded input. */
export function axesOf(operator: Omit<ConvolutionOperator, 'values'>, place: string): [vertical: Axis, horizontal: Axis] {
  const [height, width] = sidesOf(operator)
  const dilation = operator.dilation ?? 1
  const [kh, kw] = [dilation * (operator.shape[0] - 1) + 1, dilation * (operator.shape[1] - 1) + 1]
  return [axisOf(height, kh, operator, place), axisOf(width, kw, operator, place)]
}

/** The pixel that a tap of an output sees; −1 for one of the zeros around. */
export function source(
  axis: Axis,
  { padding, stride }: Pick<ConvolutionOperator, 'padding' | 'stride'>,
  output: number,
  tap: number,
): number {
  const at = output * stride + tap - axis.before
  if (padding === 'circular') return at % axis.side
  return at >= 0 && at < axis.side ? at : -1
}

/** One group's kernel, [kh, kw, in / groups, out / groups]. */
export function groupKernel(
  { shape, values, groups }: ConvolutionOperator,
  group: number,
): { shape: [number, number, number, number]; values: Float32Array } {
  const [kh, kw, fanIn, out] = shape
  const each = out / groups
  const result = new Float32Array(kh * kw * fanIn * each)
  for (let row = 0; row < kh * kw * fanIn; row++)
    for (let o = 0; o < each; o++) result[row * each + o] = values[row * out + group * each + o]!
  return { shape: [kh, kw, fanIn, each], values: result }
}

/**
 * The explicit matrix of one group, [inputs, outputs] with inputs (y, x, channel) and outputs alike: the transpose of the operator, whose
 * singular values are the same.
 */
export function denseMatrix(
  given: ConvolutionOperator,
  group: number,
  place: string,
): { rows: number; columns: number; values: Float32Array } {
  const operator = withoutDilation(given)
  const { shape, values } = groupKernel(operator, group)
  const [kh, kw, fanIn, fanOut] = shape
  const [vertical, horizontal] = axesOf(operator, place)
  const rows = vertical.side * horizontal.side * fanIn
  const columns = vertical.outputs * horizontal.outputs * fanOut
  const matrix = new Float32Array(rows * columns)
  for (let y = 0; y < vertical.outputs; y++)
    for (let x = 0; x < horizontal.outputs; x++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const [row, column] = [source(vertical, operator, y, i), source(horizontal, operator, x, j)]
          if (row < 0 || column < 0) continue
          for (let c = 0; c < fanIn; c++) {
            const from = ((i * kw + j) * fanIn + c) * fanOut
            const to = ((row * horizontal.side + column) * fanIn + c) * columns + (y * horizontal.outputs + x) * fanOut
            // Of a kernel larger than its grid several taps see the same pixel.
            for (let o = 0; o < fanOut; o++) matrix[to + o] = matrix[to + o]! + values[from + o]!
          }
        }
  return { rows, columns, values: matrix }
}

/**
 * A strided convolution that wraps around, as one of stride 1 on a grid of size/stride: the pixels of each stride×stride square become
 * channels. Its stride divides the size.
 */
export function polyphase(
  kernel: { shape: readonly [number, number, number, number]; values: Float32Array },
  stride: number,
): { shape: [number, number, number, number]; values: Float32Array } {
  const [kh, kw, fanIn, out] = kernel.shape
  const [high, wide] = [Math.ceil(kh / stride), Math.ceil(kw / stride)]
  const channels = fanIn * stride * stride
  const values = new Float32Array(high * wide * channels * out)
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++)
      for (let c = 0; c < fanIn; c++) {
        const phase = ((i % stride) * stride + (j % stride)) * fanIn + c
        const tap = Math.floor(i / stride) * wide + Math.floor(j / stride)
        const from = ((i * kw + j) * fanIn + c) * out
        const to = (tap * channels + phase) * out
        for (let o = 0; o < out; o++) values[to + o] = kernel.values[from + o]!
      }
  return { shape: [high, wide, channels, out], values }
}
