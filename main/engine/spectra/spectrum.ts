import { joinArrays } from '../../../shared/join-arrays'
import { Random } from '../../../shared/random'
import { singularValues } from '../graph/polar'
import { type Bidiagonal, bidiagonalise } from './bidiagonal'
import { computeOnce } from './compute-once'
import { convolutionMap, frobeniusNorm } from './convolution-map'
import { circularSpectra, type KernelBatch } from './frequencies'
import { ritzValues } from './ritz'
import { axesOf, type ConvolutionOperator, denseMatrix, groupKernel, polyphase, sidesOf, withoutDilation } from './operator'

/** A value with what it may be off by. */
export interface Bounded {
  readonly value: number
  readonly error: number
}

/** All singular values, descending; or of an operator too large for that the extremes. */
export type Spectrum =
  | { readonly singularValues: Float32Array }
  | { readonly largest: Bounded; readonly smallest: Bounded; readonly frobenius: Bounded }

/** Entries of the matrices that are decomposed at a time: half a gigabyte in double precision. */
const MOST_ENTRIES = 64e6
/** Smaller side of a matrix that is decomposed whole: its decomposition takes some seconds. */
const MOST_VALUES = 3000
/** Steps of Lanczos for the extremes of larger ones. */
const STEPS = 120
/** Relative error to which the arithmetic itself holds. */
const ROUNDING = 1e-12
const SEED = 1

/**
 * The singular values of a convolution as it acts: one that wraps around by its Fourier transform (Sedghi, Gupta, Long 2019), with a
 * stride that divides its size as one of stride 1 on the coarser grid, any other by its explicit matrix, group by group; what is too
 * large for that by Lanczos.
 *
 * @throws UserError where kernel and size do not fit.
 */
export function convolutionSpectrum(operator: ConvolutionOperator, place: string): Spectrum {
  if (isByFrequency(operator)) {
    const parts = circularSpectra(frequencyBatch(operator), { threads: 1 })
    return { singularValues: descending(parts.flatMap(({ values, times }) => Array<Float32Array>(times).fill(values))) }
  }
  if (!isSmall(operator, place)) return extremes(operator, place)
  return { singularValues: denseSpectra(operator, place) }
}

/** Whether all values come from its transform: it wraps around, or never meets an edge, and its stride divides its sides. */
export function isByFrequency(operator: ConvolutionOperator): boolean {
  const { padding, shape, stride } = operator
  const [kh, kw] = shape
  const isPointwise = kh * kw === 1 && (padding === 'same' || padding === 0)
  return (padding === 'circular' || isPointwise) && sidesOf(operator).every((side) => side % stride === 0)
}

/** Its groups as kernels of stride 1 on the grid of its outputs. */
export function frequencyBatch(given: ConvolutionOperator): KernelBatch {
  const operator = withoutDilation(given)
  const { stride, groups } = operator
  const parts = Array.from({ length: groups }, (_, group) => polyphase(groupKernel(operator, group), stride))
  const [height, width] = sidesOf(operator)
  return { shape: parts[0]!.shape, grid: [height / stride, width / stride], kernels: parts.map(({ values }) => values) }
}

/** Parts joined, the largest first. */
export function descending(parts: readonly Float32Array[]): Float32Array {
  return joinArrays((length) => new Float32Array(length), parts)
    .sort()
    .reverse()
}

function isSmall(operator: ConvolutionOperator, place: string): boolean {
  const [, , fanIn, out] = operator.shape
  const [vertical, horizontal] = axesOf(operator, place)
  const inputs = vertical.side * horizontal.side * fanIn
  const outputs = vertical.outputs * horizontal.outputs * (out / operator.groups)
  return Math.min(inputs, outputs) <= MOST_VALUES && inputs * outputs <= MOST_ENTRIES
}

/** Of all groups, as many of them together as fit into memory. */
function denseSpectra(operator: ConvolutionOperator, place: string): Float32Array {
  const found: Float32Array[] = []
  for (let group = 0; group < operator.groups;) {
    const { rows, columns, values } = denseMatrix(operator, group, place)
    const together = Math.min(operator.groups - group, Math.max(1, Math.floor(MOST_ENTRIES / (rows * columns))))
    const matrices = new Float32Array(together * values.length)
    matrices.set(values)
    for (let i = 1; i < together; i++) matrices.set(denseMatrix(operator, group + i, place).values, i * values.length)
    found.push(matrixSpectra(matrices, together, rows, columns))
    group += together
  }
  return descending(found)
}

/** The singular values of a matrix [rows, columns], descending, found in double precision. */
export function matrixSpectrum(values: Float32Array, rows: number, columns: number): Float32Array {
  return matrixSpectra(values, 1, rows, columns)
}

function matrixSpectra(values: Float32Array, count: number, rows: number, columns: number): Float32Array {
  return computeOnce([count, rows, columns], values, (g, matrices) => [singularValues(g, g.cast(matrices, 'double'))])[0]!
}

/** The extremes over all groups. */
function extremes(operator: ConvolutionOperator, place: string): Spectrum {
  const random = new Random(SEED)
  const found = Array.from({ length: operator.groups }, (_, group) =>
    bounded(bidiagonalise(convolutionMap(operator, group, place), STEPS, () => random.normal())),
  )
  const largest = found.map((values) => values[0]!).reduce((a, b) => (b.value > a.value ? b : a))
  const smallest = found.map((values) => values[values.length - 1]!).reduce((a, b) => (b.value < a.value ? b : a))
  const frobenius = frobeniusNorm(operator, place)
  return { largest, smallest, frobenius: { value: frobenius, error: frobenius * ROUNDING } }
}

/**
 * Singular values of the small matrix, descending, with the bound on their distance to one of the operator's: its products are given in
 * single precision.
 */
function bounded(small: Bidiagonal): Bounded[] {
  const found = ritzValues(small)
  return found.map(({ value, error }) => ({ value, error: error + found[0]!.value * 1e-6 }))
}
