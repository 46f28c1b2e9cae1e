/** Orthogonal convolutions by their definition in float64: matrices as rows, systems solved, kernels put together tap by tap. */
type Matrix = readonly (readonly number[])[]

const range = (length: number): number[] => Array.from({ length }, (_, i) => i)
const identity = (n: number): Matrix => range(n).map((i) => range(n).map((j) => (i === j ? 1 : 0)))
const turned = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!))
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)))
const combined = (a: Matrix, b: Matrix, factor: number): Matrix =>
  a.map((row, i) => row.map((value, j) => value + factor * b[i]![j]!))

/** By Gauss and Jordan, with pivots. */
function inverse(a: Matrix): Matrix {
  const n = a.length
  const rows = a.map((row, i) => [...row, ...identity(n)[i]!])
  for (const k of range(n)) {
    const pivot = range(n).slice(k).reduce((best, i) => (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!) ? i : best), k) // prettier-ignore
    const [upper, lower] = [rows[k]!, rows[pivot]!]
    rows[pivot] = upper
    rows[k] = lower.map((value) => value / lower[k]!)
    for (const i of range(n)) {
      const factor = rows[i]![k]!
      if (i !== k) rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!)
    }
  }
  return rows.map((row) => row.slice(n))
}

function cayley(w: Matrix): Matrix {
  const n = w[0]!.length
  if (w.length < n) return turned(cayley(turned(w)))
  const [u, v] = [w.slice(0, n), w.slice(n)]
  const skew = combined(u, turned(u), -1)
  const a = v.length > 0 ? combined(skew, product(turned(v), v), 1) : skew
  const divisor = inverse(combined(identity(n), a, 1))
  return [...product(combined(identity(n), a, -1), divisor), ...product(v, divisor).map((row) => row.map((value) => -2 * value))]
}

/** The kernel's matrices [channels][filters] by their taps. */
export function orthogonalKernel(
  of: (name: string) => ArrayLike<number>,
  { channels, filters, size, stride }: { channels: number; filters: number; size: number; stride: number },
): (dy: number, dx: number) => Matrix {
  const wanted = filters / stride ** 2
  const inner = Number.isInteger(wanted) ? Math.max(channels, wanted) : channels
  const half = Math.max(1, Math.floor(inner / 2))
  const rowsOf = (values: readonly number[], columns: number): Matrix =>
    range(values.length / columns).map((i) => values.slice(i * columns, (i + 1) * columns))
  const last = cayley(rowsOf(Array.from(of('kernel')), filters))
  let taps = new Map<string, Matrix>()
  for (const y of range(stride)) for (const x of range(stride)) taps.set(`${y},${x}`, last.slice((y * stride + x) * inner, (y * stride + x + 1) * inner)) // prettier-ignore
  const factors = size > stride ? rowsOf(Array.from(of('factors')), inner * half).map((flat) => cayley(rowsOf(flat, half))) : []
  factors.reverse().forEach((basis, i) => {
    const projector = product(basis, turned(basis))
    const rest = combined(identity(inner), projector, -1)
    // The last of each two joins columns.
    const [down, right] = i % 2 === 0 ? [0, 1] : [1, 0]
    const grown = new Map<string, Matrix>()
    const add = (y: number, x: number, matrix: Matrix): void => {
      const known = grown.get(`${y},${x}`)
      grown.set(`${y},${x}`, known ? combined(known, matrix, 1) : matrix)
    }
    for (const [place, matrix] of taps) {
      const [y, x] = place.split(',').map(Number) as [number, number]
      add(y, x, product(projector, matrix))
      add(y + down, x + right, product(rest, matrix))
    }
    taps = grown
  })
  return (dy, dx) => taps.get(`${dy},${dx}`)!
}

/** The skew part of a kernel [size, size, inner, inner] over size times the Schatten norm of order 16 of its matrix, a row a row of taps and channel. */
export function skewKernel(values: ArrayLike<number>, size: number, inner: number): number[] {
  const index = (y: number, x: number, c: number, o: number): number => ((y * size + x) * inner + c) * inner + o
  const skew = Array.from({ length: size * size * inner * inner }, () => 0)
  const rows = range(size * inner).map(() => range(size * inner).map(() => 0))
  for (const y of range(size))
    for (const x of range(size))
      for (const c of range(inner))
        for (const o of range(inner)) {
          const value = values[index(y, x, c, o)]! - values[index(size - 1 - y, size - 1 - x, o, c)]!
          skew[index(y, x, c, o)] = value
          rows[y * inner + c]![x * inner + o] = value
        }
  let power = product(turned(rows), rows)
  for (let i = 0; i < 3; i++) power = product(power, power)
  const norm = power.reduce((trace, row, i) => trace + row[i]!, 0) ** (1 / 16)
  return skew.map((value) => value / (size * norm))
}
