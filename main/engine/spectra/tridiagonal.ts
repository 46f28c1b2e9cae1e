/** Eigenvalues of a symmetric tridiagonal matrix, in no order, with some entries of each eigenvector. */
export interface TridiagonalEigen {
  readonly values: Float64Array
  /** Of each row that was asked for, its entry in each eigenvector. */
  readonly rows: readonly Float64Array[]
}

/** A matrix whose eigenvalues take more sweeps than this has entries that are not finite. */
const MOST_SWEEPS = 100

/**
 * By QL with implicit shifts, of the eigenvectors the rows alone that are wanted (Golub and Welsch 1969, as in EISPACK's `imtql2`).
 *
 * @param beside The entries beside the diagonal, one less.
 * @param wanted Rows of the eigenvectors.
 */
export function tridiagonalEigen(diagonal: Float64Array, beside: Float64Array, wanted: readonly number[]): TridiagonalEigen {
  const n = diagonal.length
  const d = diagonal.slice()
  const e = new Float64Array(n)
  e.set(beside)
  const rows = wanted.map((row) => {
    const unit = new Float64Array(n)
    unit[row] = 1
    return unit
  })
  const scale = Math.max(...[...d, ...e].map(Math.abs), 0)
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!) + scale)) m++
      if (m === l) break
      if (sweep === MOST_SWEEPS) throw new Error('the eigenvalues of a tridiagonal matrix were not found')
      chase(d, e, l, m, rows)
    }
  }
  return { values: d, rows }
}

/** One QL sweep over rows l … m. */
function chase(d: Float64Array, e: Float64Array, l: number, m: number, rows: readonly Float64Array[]): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  let r = Math.hypot(g, 1)
  g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r))
  let [s, c, p] = [1, 1, 0]
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!
    const b = c * e[i]!
    r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[m] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
    for (const row of rows) {
      const next = row[i + 1]!
      row[i + 1] = s * row[i]! + c * next
      row[i] = c * row[i]! - s * next
    }
  }
  d[l]! -= p
  e[l] = g
  e[m] = 0
}
