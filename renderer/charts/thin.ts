/** What a curve keeps of the part that is in view: a few hundred buckets, each with its mean and its extremes. */
export interface Thinned {
  /** Middle of each bucket on the axis, and the mean, smallest and largest of its values. */
  readonly x: Float64Array
  readonly mean: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  /** 1 where the line breaks before a bucket: a value is missing there that the curve's rhythm has. */
  readonly broken: Uint8Array
  /** Values in a bucket; 1 where nothing was left out. */
  readonly perBucket: number
}

/**
 * The values of an ascending column between `from` and `to` (and one beyond on either side, so that lines run to the edge),
 * gathered into at most `buckets`. What is missing takes no room: a column that was measured at every tenth step keeps all of its
 * values, and its line goes from one to the next. Every value counts in its bucket's extremes: nothing is dropped unseen.
 *
 * @param known Whether a value can be drawn.
 */
export function thin(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  from: number,
  to: number,
  buckets: number,
  known: (value: number) => boolean = Number.isFinite,
): Thinned {
  const at = knownIn(x, y, from, to, known)
  const usual = usualDistance(at)
  const perBucket = Math.max(1, Math.ceil(at.length / Math.max(1, buckets)))
  const starts = bucketStarts(at, x, usual, perBucket, perBucket > 1 ? (to - from) / buckets : 0)
  const size = starts.length
  const column = (): Float64Array => new Float64Array(size)
  const result = { x: column(), mean: column(), min: column(), max: column(), broken: new Uint8Array(size), perBucket }
  for (let bucket = 0; bucket < size; bucket++) {
    const start = starts[bucket]!
    const stop = starts[bucket + 1] ?? at.length
    let mean = 0
    let min = Infinity
    let max = -Infinity
    for (let i = start; i < stop; i++) {
      const value = y[at[i]!]!
      // So the mean of equal values is that value, to the last bit.
      mean += (value - mean) / (i - start + 1)
      if (value < min) min = value
      if (value > max) max = value
    }
    result.x[bucket] = (x[at[start]!]! + x[at[stop - 1]!]!) / 2
    result.mean[bucket] = mean
    result.min[bucket] = min
    result.max[bucket] = max
    result.broken[bucket] = start > 0 && at[start]! - at[start - 1]! > usual ? 1 : 0
  }
  return result
}

/** Where buckets begin: after so many values, and behind a gap that is wider than a bucket. */
function bucketStarts(at: Uint32Array, x: ArrayLike<number>, usual: number, perBucket: number, narrow: number): number[] {
  const starts: number[] = []
  if (isWhole(at)) {
    for (let i = 0; i < at.length; i += perBucket) starts.push(i)
    return starts
  }
  for (let i = 0, held = perBucket; i < at.length; i++, held++) {
    const isGap = i > 0 && at[i]! - at[i - 1]! > usual && x[at[i]!]! - x[at[i - 1]!]! > narrow
    if (held < perBucket && !isGap) continue
    starts.push(i)
    held = 0
  }
  return starts
}

/** Indices of the values that can be drawn in the part in view, and of the nearest one beyond each end. Of a long run they are a million, at each look. */
function knownIn(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  from: number,
  to: number,
  known: (value: number) => boolean,
): Uint32Array {
  const length = Math.min(x.length, y.length)
  const first = firstNotBelow(x, length, from)
  let stop = Math.max(first, firstNotBelow(x, length, to))
  while (stop < length && x[stop]! <= to) stop++
  // One more than is in view at either end.
  const found = new Uint32Array(stop - first + 2)
  let count = 0
  for (let before = first - 1; before >= 0; before--)
    if (known(y[before]!)) {
      found[count++] = before
      break
    }
  for (let i = first; i < length; i++) {
    if (!known(y[i]!)) continue
    found[count++] = i
    if (x[i]! > to) break
  }
  return found.subarray(0, count)
}

/** Whether no value is missing between the first and the last. */
const isWhole = (at: Uint32Array): boolean => at.length > 0 && at.length === at[at.length - 1]! - at[0]! + 1

/** Distances that are counted by their place, without a look into a map for each of a million. */
const SHORT = 64

/** The distance that most neighbours have, or the least of those that are as frequent: how often a column was measured. */
function usualDistance(at: Uint32Array): number {
  if (isWhole(at)) return 1
  const short = new Uint32Array(SHORT)
  const long = new Map<number, number>()
  for (let i = 1; i < at.length; i++) {
    const distance = at[i]! - at[i - 1]!
    if (distance < SHORT) short[distance]!++
    else long.set(distance, (long.get(distance) ?? 0) + 1)
  }
  let usual = 1
  let most = 0
  for (const [distance, count] of [...short.entries(), ...long])
    if (count > most || (count === most && distance < usual)) [usual, most] = [distance, count]
  return usual
}

/** Index of the first of `length` ascending values that is not below x; `length` where all are. */
function firstNotBelow(column: ArrayLike<number>, length: number, x: number): number {
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

/** Index of the finite value whose place is nearest to x; −1 where there is none. */
export function nearestValue(x: ArrayLike<number>, y: ArrayLike<number>, place: number): number {
  const at = nearestIndex(x, place)
  if (at < 0 || Number.isFinite(y[at]!)) return at
  let [before, after] = [at - 1, at + 1]
  while (before >= 0 && !Number.isFinite(y[before]!)) before--
  while (after < x.length && !Number.isFinite(y[after]!)) after++
  if (before < 0) return after < x.length ? after : -1
  return after >= x.length || place - x[before]! <= x[after]! - place ? before : after
}
