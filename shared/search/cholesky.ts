/** A symmetric matrix or a lower triangle: its rows up to the diagonal, one behind another. */
export type Triangle = Float64Array

/** Where a row of a triangle begins. */
export const rowOf = (i: number): number => (i * (i + 1)) / 2

/** Puts L of A = L·Lᵀ where A was; says false, and leaves neither, where A is not positive definite to double precision. */
export function factorize(a: Triangle, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const row = rowOf(i)
    for (let j = 0; j <= i; j++) {
      const other = rowOf(j)
      let sum = a[row + j]!
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!
      if (j < i) a[row + j] = sum / a[other + j]!
      else if (sum > 0) a[row + j] = Math.sqrt(sum)
      else return false
    }
  }
  return true
}

/** x of L·x = b. */
export function forward(factor: Triangle, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(b.length)
  for (let i = 0; i < b.length; i++) {
    const row = rowOf(i)
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * x[k]!
    x[i] = sum / factor[row + i]!
  }
  return x
}

/** x of Lᵀ·x = b. */
export function backward(factor: Triangle, b: Float64Array): Float64Array {
  const x = b.slice()
  for (let i = b.length - 1; i >= 0; i--) {
    const row = rowOf(i)
    x[i]! /= factor[row + i]!
    for (let k = 0; k < i; k++) x[k]! -= factor[row + k]! * x[i]!
  }
  return x
}

/** A⁻¹ = L⁻ᵀ·L⁻¹ of A = L·Lᵀ. */
export function inverse(factor: Triangle, count: number): Triangle {
  const [half, all] = [new Float64Array(factor.length), new Float64Array(factor.length)]
  for (let i = 0; i < count; i++) {
    const row = rowOf(i)
    const pivot = factor[row + i]!
    for (let k = 0; k < i; k++) {
      const [other, by] = [rowOf(k), factor[row + k]! / pivot]
      for (let j = 0; j <= k; j++) half[row + j]! -= by * half[other + j]!
    }
    half[row + i] = 1 / pivot
    for (let k = 0; k <= i; k++) {
      const [other, by] = [rowOf(k), half[row + k]!]
      for (let j = 0; j <= k; j++) all[other + j]! += by * half[row + j]!
    }
  }
  return all
}
