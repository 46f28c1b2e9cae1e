/** What a curve keeps of the part that is in view: a few hundred buckets, each with its mean and its extremes. */
export interface Thinned {
  /** Middle of each bucket on the axis, and the mean, smallest and largest of its finite values; NaN where there is none. */
  readonly x: Float64Array
  readonly mean: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  /** Values in a bucket; 1 where nothing was left out. */
  readonly perBucket: number
}

/**
 * The points of an ascending column between `from` and `to` (and one beyond on either side, so that lines run to the edge),
 * gathered into at most `buckets`. Every value counts in its bucket's extremes: nothing is dropped unseen.
 */
export function thin(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number, buckets: number): Thinned {
  const length = Math.min(x.length, y.length)
  const first = Math.max(0, firstNotBelow(x, length, from) - 1)
  const end = Math.min(length, firstNotBelow(x, length, to) + 2)
  const count = Math.max(0, end - first)
  const perBucket = Math.max(1, Math.ceil(count / Math.max(1, buckets)))
  const size = Math.ceil(count / perBucket)
  const result = {
    x: new Float64Array(size),
    mean: new Float64Array(size),
    min: new Float64Array(size),
    max: new Float64Array(size),
    perBucket,
  }
  for (let bucket = 0; bucket < size; bucket++) {
    const start = first + bucket * perBucket
    const stop = Math.min(end, start + perBucket)
    let sum = 0
    let seen = 0
    let min = Infinity
    let max = -Infinity
    for (let i = start; i < stop; i++) {
      const value = y[i]!
      if (!Number.isFinite(value)) continue
      sum += value
      seen++
      if (value < min) min = value
      if (value > max) max = value
    }
    result.x[bucket] = (x[start]! + x[stop - 1]!) / 2
    result.mean[bucket] = seen > 0 ? sum / seen : NaN
    result.min[bucket] = seen > 0 ? min : NaN
    result.max[bucket] = seen > 0 ? max : NaN
  }
  return result
}

/** Index of the first of `length` ascending values that is not below x; `length` where all are. */
export function firstNotBelow(column: ArrayLike<number>, length: number, x: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (column[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the value of an ascending column that is nearest to x; −1 where the column is empty. */
export function nearestIndex(column: ArrayLike<number>, x: number): number {
  if (column.length === 0) return -1
  const at = Math.min(column.length - 1, firstNotBelow(column, column.length, x))
  return at > 0 && x - column[at - 1]! < column[at]! - x ? at - 1 : at
}
