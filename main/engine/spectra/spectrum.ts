import { Random } from '../../../shared/random'
import type { Tensor } from '../../../shared/ops/graph'
import { transformKernel } from '../graph/kernel-transform'
import { singularValues } from '../graph/polar'
import { TensorGraph } from '../graph/tensor-graph'
import { Session } from '../tensorflow/session'
import { type Bidiagonal, bidiagonalise } from './bidiagonal'
import { convolutionMap, frobeniusNorm } from './convolution-map'
import { axisOf, type ConvolutionOperator, denseMatrix, groupKernel, polyphase } from './operator'

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
  const { groups, padding, stride, size } = operator
  const isByFrequency = padding === 'circular' && size % stride === 0
  if (!isByFrequency && !isSmall(operator, place)) return extremes(operator, place)
  const parts = Array.from({ length: groups }, (_, group) =>
    isByFrequency ? frequencySpectrum(operator, group) : denseSpectrum(operator, group, place),
  )
  return {
    singularValues: Float32Array.from(parts.flatMap((part) => [...part]))
      .sort()
      .reverse(),
  }
}

function isSmall(operator: ConvolutionOperator, place: string): boolean {
  const [kh, kw, fanIn, out] = operator.shape
  const inputs = operator.size ** 2 * fanIn
  const outputs = axisOf(operator, kh, place).outputs * axisOf(operator, kw, place).outputs * (out / operator.groups)
  return Math.min(inputs, outputs) <= MOST_VALUES && inputs * outputs <= MOST_ENTRIES
}

function frequencySpectrum({ stride, size, ...operator }: ConvolutionOperator, group: number): Float64Array {
  const own = polyphase(groupKernel({ stride, size, ...operator }, group), stride)
  const side = size / stride
  let counts: readonly number[] = []
  const found = decompose(own.shape, own.values, (g, kernel) => {
    const transform = transformKernel(g, kernel, [side, side])
    counts = transform.weights
    return [singularValues(g, transform.matrices)]
  })[0]!
  const each = found.length / counts.length
  return Float64Array.from(
    counts.flatMap((count, f) => Array.from({ length: count }, () => [...found.subarray(f * each, (f + 1) * each)]).flat()),
  )
}

function denseSpectrum(operator: ConvolutionOperator, group: number, place: string): Float32Array {
  const { rows, columns, values } = denseMatrix(operator, group, place)
  return matrixSpectrum(values, rows, columns)
}

/** The singular values of a matrix [rows, columns], descending, found in double precision. */
export function matrixSpectrum(values: Float32Array, rows: number, columns: number): Float32Array {
  return decompose([rows, columns], values, (g, matrix) => [
    singularValues(g, g.reshape(g.cast(matrix, 'double'), [1, rows, columns])),
  ])[0]!
}

/** The extremes over all groups. */
function extremes(operator: ConvolutionOperator, place: string): Spectrum {
  const random = new Random(SEED)
  const found = Array.from({ length: operator.groups }, (_, group) =>
    ritz(bidiagonalise(convolutionMap(operator, group, place), STEPS, () => random.normal())),
  )
  const largest = found.map((values) => values[0]!).reduce((a, b) => (b.value > a.value ? b : a))
  const smallest = found.map((values) => values[values.length - 1]!).reduce((a, b) => (b.value < a.value ? b : a))
  const frobenius = frobeniusNorm(operator, place)
  return { largest, smallest, frobenius: { value: frobenius, error: frobenius * ROUNDING } }
}

/** Singular values of the small matrix, descending, with the bound on their distance to one of the operator's. */
function ritz({ diagonal, beside, rest }: Bidiagonal): Bounded[] {
  const n = diagonal.length
  const matrix = new Float32Array(n * n)
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = diagonal[i]!
    if (i + 1 < n) matrix[i * n + i + 1] = beside[i]!
  }
  const [values, lefts] = decompose([n, n], matrix, (g, b) => {
    const svd = g.node('Svd', [g.reshape(g.cast(b, 'double'), [1, n, n]).id], {
      T: { type: 2 },
      compute_uv: { b: true },
      full_matrices: { b: false },
    })
    return [
      { id: svd, shape: [1, n], dtype: 'double' },
      { id: `${svd}:1`, shape: [1, n, n], dtype: 'double' },
    ]
  })
  return Array.from({ length: n }, (_, i) => {
    // Bound: Golub and Van Loan, section 10.4.5; the small matrix itself is given in single precision.
    const last = lefts![(n - 1) * n + i]!
    return { value: values![i]!, error: Math.abs(rest * last) + values![0]! * 1e-6 }
  })
}

/** Some tensors of a graph on one input, as singles. */
function decompose(
  shape: readonly number[],
  values: Float32Array,
  build: (g: TensorGraph, input: Tensor) => readonly Tensor[],
): Float32Array[] {
  const g = new TensorGraph()
  const found = build(g, g.placeholder('given', shape)).map((tensor, i) => g.named(`found${i}`, g.cast(tensor, 'float')).id)
  const session = Session.open(g.nodes, { threads: 1, parallelOperations: 1 })
  try {
    return session.run({ given: { shape, values } }, found) as Float32Array[]
  } finally {
    session.close()
  }
}
