import type { Tensor } from '../../../shared/ops/graph'
import type { SingularValues } from '../../../shared/spectra/summary'
import { complex, frequencies, type Grid } from '../graph/kernel-transform'
import { T } from '../graph/node-graph'
import { imaginaryPart, realPart } from '../graph/polar'
import { TensorGraph } from '../graph/tensor-graph'
import { Session } from '../tensorflow/session'

/** Kernels of one shape [kh, kw, in, out] that act circularly, with stride 1, on one grid. */
export interface KernelBatch {
  readonly shape: readonly [number, number, number, number]
  readonly grid: Grid
  readonly kernels: readonly Float32Array[]
}

/**
 * Complex entries of the matrices that are decomposed in one session call, [frequencies, kernels, in, out]: 24 MB, and with their
 * Gram matrices and working space some 100 MB whatever the network.
 */
const MOST_ENTRIES = 1.5e6

/** A circular operator's spectrum. */
export interface CircularSpectrum extends SingularValues {
  /** Where asked: an upper bound of the largest value that no decomposition made. */
  readonly gramBound: number | null
}

/**
 * All singular values of each kernel's circular operator, descending: those of its transform at each frequency (Sedghi, Gupta, Long 2019), one
 * of each pair of conjugate frequencies for both.
 *
 * They are roots of eigenvalues of the Gram matrix at each frequency, in double precision. That squares the condition, so that a value has an
 * absolute error of up to √ε·σ₁ ≈ 1.5e-8·σ₁, which is less than the kernel's own single precision moves it by (6e-8·‖A‖, Weyl), and costs a
 * quarter of a singular value decomposition.
 *
 * @param tell Hears after each session call how many of all matrices are done.
 */
export function circularSpectra(
  { shape, grid, kernels }: KernelBatch,
  { threads, withBound = false }: { readonly threads: number; readonly withBound?: boolean },
  tell: (done: number, total: number) => void = () => undefined,
): CircularSpectrum[] {
  const [kh, kw, fanIn, fanOut] = shape
  const least = Math.min(fanIn, fanOut)
  // A 1×1 kernel is the same matrix at all frequencies.
  const isPointwise = kh * kw === 1
  const points = isPointwise ? [{ u: 0, v: 0, weight: 1 }] : frequencies(grid)
  const [perCall, together] = shares(points.length, kernels.length, Math.max(1, Math.floor(MOST_ENTRIES / (fanIn * fanOut))))
  const session = openSession(shape, perCall, together, { threads, withBound })
  const found = kernels.map(() => new Float32Array(points.reduce((sum, { weight }) => sum + weight, 0) * least))
  const filled = kernels.map(() => 0)
  const bounds = kernels.map(() => 0)
  try {
    for (let first = 0; first < kernels.length; first += together) {
      const here = Math.min(together, kernels.length - first)
      const given = new Float32Array(together * kh * kw * fanIn * fanOut)
      kernels.slice(first, first + here).forEach((kernel, i) => given.set(kernel, i * kernel.length))
      for (let start = 0; start < points.length; start += perCall) {
        const asked = points.slice(start, start + perCall)
        const tables = angleTables(asked, perCall, [kh, kw], grid)
        const feeds = { ...tables, kernels: { shape: [together, kh * kw, fanIn * fanOut], values: given } }
        const [values, bound] = session.run(feeds, withBound ? ['values', 'bound'] : ['values']) as Float32Array[]
        for (let f = 0; f < asked.length; f++)
          for (let i = 0; i < here; i++) {
            const from = (f * together + i) * least
            for (let copy = 0; copy < asked[f]!.weight; copy++) {
              found[first + i]!.set(values!.subarray(from, from + least), filled[first + i]!)
              filled[first + i]! += least
            }
            if (bound) bounds[first + i] = Math.max(bounds[first + i]!, bound[f * together + i]!)
          }
        tell(first * points.length + (start + asked.length) * here, points.length * kernels.length)
      }
    }
  } finally {
    session.close()
  }
  const times = isPointwise ? grid[0] * grid[1] : 1
  return found.map((values, i) => ({ values: values.sort().reverse(), times, gramBound: withBound ? bounds[i]! : null }))
}

/** How many frequencies and kernels go together: even parts, as what is missing in the last one is computed all the same. */
function shares(points: number, kernels: number, most: number): [perCall: number, together: number] {
  const even = (count: number, limit: number): number => Math.ceil(count / Math.ceil(count / Math.max(1, limit)))
  if (points > most) return [even(points, most), 1]
  return [points, even(kernels, Math.floor(most / points))]
}

/** cos and −sin of each frequency at each tap, in double precision as a sum of two singles, since only singles can be fed. */
function angleTables(
  points: readonly { u: number; v: number }[],
  rows: number,
  [kh, kw]: readonly [number, number],
  grid: Grid,
): Record<string, { shape: number[]; values: Float32Array }> {
  const taps = kh * kw
  // At frequency 0 alone there are no sines.
  const names = ['cosine', 'cosineRest', 'sine', 'sineRest'].slice(0, taps === 1 ? 2 : 4)
  const tables = names.map(() => new Float32Array(rows * taps))
  points.forEach(({ u, v }, f) => {
    for (let tap = 0; tap < taps; tap++) {
      // The whole turns are taken off as whole numbers.
      const angle = 2 * Math.PI * (((u * Math.floor(tap / kw)) % grid[0]) / grid[0] + ((v * (tap % kw)) % grid[1]) / grid[1])
      ;[Math.cos(angle), -Math.sin(angle)].slice(0, names.length / 2).forEach((value, i) => {
        const rounded = Math.fround(value)
        tables[2 * i]![f * taps + tap] = rounded
        tables[2 * i + 1]![f * taps + tap] = value - rounded
      })
    }
  })
  return Object.fromEntries(names.map((name, i) => [name, { shape: [rows, taps], values: tables[i]! }]))
}

function openSession(
  [kh, kw, fanIn, fanOut]: KernelBatch['shape'],
  points: number,
  kernels: number,
  { threads, withBound }: { readonly threads: number; readonly withBound: boolean },
): Session {
  const g = new TensorGraph()
  const [taps, matrix] = [kh * kw, fanIn * fanOut]
  const double = { T: T('double') }
  const table = (name: string): Tensor => {
    const [high, low] = [name, `${name}Rest`].map((one) => g.cast(g.placeholder(one, [points, taps]), 'double'))
    return g.add(high!, low!)
  }
  const given = g.cast(g.placeholder('kernels', [kernels, taps, matrix]), 'double')
  const flat = g.reshape(g.transpose(given, [1, 0, 2]), [taps, kernels * matrix])
  const part = (name: string): Tensor => g.reshape(g.matmul(table(name), flat), [points * kernels, fanIn, fanOut])
  const real = part('cosine')
  const matrices = taps === 1 ? real : complex(g, real, part('sine'))
  const gram = gramMatrix(g, matrices)
  const squares = eigenvalues(g, gram)
  const zero = g.constant(0, [], 'double')
  const roots = g.squareRoot(g.tensor('Maximum', [squares, zero], squares.shape, double, 'double'))
  g.named('values', g.cast(roots, 'float'))
  if (withBound) g.named('bound', g.cast(gramBound(g, gram), 'float'))
  // A GPU is the trainer's, and takes small matrices one by one.
  return Session.open(g.nodes, { threads, parallelOperations: 1, isOnCpu: true })
}

/** The smaller of AᴴA and AAᴴ of each matrix. */
function gramMatrix(g: TensorGraph, matrices: Tensor): Tensor {
  const [, rows, columns] = matrices.shape as [number, number, number]
  return g.matmulEach(matrices, matrices, rows < columns ? { b: true } : { a: true })
}

/** Of each Hermitian matrix, ascending, real. */
function eigenvalues(g: TensorGraph, gram: Tensor): Tensor {
  const [n, side] = gram.shape as [number, number]
  if (side === 1) return g.reshape(realPart(g, gram), [n, 1])
  const attributes = { T: T(gram.dtype), compute_v: { b: false } }
  return realPart(g, g.tensor('SelfAdjointEigV2', [gram], [n, side], attributes, gram.dtype))
}

/** Squarings of the Gram iteration: the bound is then within a factor of rank^(1/128) of the norm, 3 % at rank 64, and most often far nearer. */
const ITERATIONS = 6

/**
 * An upper bound of the largest singular value behind each Gram matrix G, by Gram iteration (Delattre et al. 2023, algorithm 1): with
 * G⁽¹⁾ = G and G⁽ᵗ⁺¹⁾ = G⁽ᵗ⁾ᴴG⁽ᵗ⁾, σ₁ ≤ ‖G⁽ᵗ⁾‖_F^(1/2ᵗ), rescaled on the way so that nothing leaves the range of numbers.
 */
function gramBound(g: TensorGraph, gram: Tensor): Tensor {
  const [n] = gram.shape as [number]
  const double = { T: T('double') }
  const tiny = g.constant(1e-300, [], 'double')
  let power = gram
  // Of the power, log ‖·‖_F, with the scales that were taken off.
  let logs = g.constant(0, [], 'double')
  for (let t = 1; ; t++) {
    const squares = g.square(realPart(g, power))
    const both = power.dtype === 'complex128' ? g.add(squares, g.square(imaginaryPart(g, power))) : squares
    const norm = g.tensor('Maximum', [g.squareRoot(g.sumOver(both, [1, 2])), tiny], [n], double, 'double')
    logs = g.add(logs, g.tensor('Log', [norm], [n], double, 'double'))
    if (t > ITERATIONS) return g.exp(g.scale(logs, 1 / 2 ** t))
    power = g.divide(power, g.cast(g.reshape(norm, [n, 1, 1]), power.dtype))
    power = g.matmulEach(power, power, { a: true })
    logs = g.scale(logs, 2)
  }
}
