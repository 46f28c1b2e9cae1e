import type { Random } from '../../../shared/random'

/**
 * A random matrix with orthonormal columns, or rows where it is wide, uniformly among all (Haar): Gram and Schmidt on standard normal
 * columns, twice, which is enough for double precision (Giraud et al. 2005).
 *
 * @returns [rows, columns], row-major.
 */
export function orthonormal(rows: number, columns: number, random: Random): Float32Array {
  const length = Math.max(rows, columns)
  const count = Math.min(rows, columns)
  const basis: Float64Array[] = []
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from({ length }, () => random.normal())
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        let product = 0
        for (let k = 0; k < length; k++) product += vector[k]! * other[k]!
        for (let k = 0; k < length; k++) vector[k]! -= product * other[k]!
      }
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    basis.push(vector.map((value) => value / norm))
  }
  const tall = rows >= columns
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const row = Math.floor(at / columns)
    const column = at % columns
    return tall ? basis[column]![row]! : basis[row]![column]!
  })
}
