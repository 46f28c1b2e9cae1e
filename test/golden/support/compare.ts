import { expect } from 'vitest'

/** Worst difference of two vectors relative to the largest entry of the wanted one; Infinity where they do not fit or hold a NaN. */
export function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Infinity
  let largest = 0
  let worst = 0
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(got[i]! - wanted[i]!)
    if (Number.isNaN(difference)) return Infinity
    largest = Math.max(largest, Math.abs(wanted[i]!))
    worst = Math.max(worst, difference)
  }
  return worst === 0 ? 0 : worst / largest
}

/** Fails, saying what, where two vectors differ by more than the tolerance, relative to the largest entry. */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  const error = relativeError(got, wanted)
  if (process.env['NORMLAB_SHOW_ERRORS'])
    process.stderr.write(`${what}: ${error.toExponential(1)} of ${tolerance.toExponential(0)}\n`)
  expect(error, `${what}: relative error`).toBeLessThanOrEqual(tolerance)
}

/** Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}
