import { axesOf, type ConvolutionOperator, groupKernel, source, withoutDilation } from './operator'
import type { LinearMap } from './bidiagonal'

/** One group of a convolution by its products, for operators whose matrix would be too large. */
export function convolutionMap(given: ConvolutionOperator, group: number, place: string): LinearMap {
  const operator = withoutDilation(given)
  const { shape, values } = groupKernel(operator, group)
  const [kh, kw, fanIn, fanOut] = shape
  const [vertical, horizontal] = axesOf(operator, place)
  const weights = Float64Array.from(values)
  // Of a kernel spread out by dilation most taps are zero.
  const isZero = Array.from({ length: kh * kw }, (_, tap) =>
    weights.subarray(tap * fanIn * fanOut, (tap + 1) * fanIn * fanOut).every((value) => value === 0),
  )
  const taps: { readonly input: number; readonly output: number; readonly kernel: number }[] = []
  for (let y = 0; y < vertical.outputs; y++)
    for (let x = 0; x < horizontal.outputs; x++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++) {
          const [row, column] = [source(vertical, operator, y, i), source(horizontal, operator, x, j)]
          if (row < 0 || column < 0 || isZero[i * kw + j]) continue
          const [input, output] = [(row * horizontal.side + column) * fanIn, (y * horizontal.outputs + x) * fanOut]
          taps.push({ input, output, kernel: (i * kw + j) * fanIn * fanOut })
        }
  return {
    inputs: vertical.side * horizontal.side * fanIn,
    outputs: vertical.outputs * horizontal.outputs * fanOut,
    apply(x) {
      const y = new Float64Array(vertical.outputs * horizontal.outputs * fanOut)
      for (const { input, output, kernel } of taps)
        for (let c = 0; c < fanIn; c++) {
          const value = x[input + c]!
          const row = kernel + c * fanOut
          for (let o = 0; o < fanOut; o++) y[output + o]! += value * weights[row + o]!
        }
      return y
    },
    transpose(y) {
      const x = new Float64Array(vertical.side * horizontal.side * fanIn)
      for (const { input, output, kernel } of taps)
        for (let c = 0; c < fanIn; c++) {
          const row = kernel + c * fanOut
          let sum = 0
          for (let o = 0; o < fanOut; o++) sum += y[output + o]! * weights[row + o]!
          x[input + c]! += sum
        }
      return x
    },
  }
}

/** The root of the sum of all squared singular values: each tap counts for every output that it reaches. Exact. */
export function frobeniusNorm(given: ConvolutionOperator, place: string): number {
  const operator = withoutDilation(given)
  const [kh, kw, fanIn, out] = operator.shape
  const [vertical, horizontal] = axesOf(operator, place)
  const reached = (axis: typeof vertical, tap: number): number => {
    let count = 0
    for (let output = 0; output < axis.outputs; output++) if (source(axis, operator, output, tap) >= 0) count++
    return count
  }
  let sum = 0
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      let squares = 0
      const start = (i * kw + j) * fanIn * out
      for (let k = 0; k < fanIn * out; k++) squares += operator.values[start + k]! ** 2
      sum += squares * reached(vertical, i) * reached(horizontal, j)
    }
  return Math.sqrt(sum)
}
