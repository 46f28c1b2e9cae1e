/** A column of numbers that grows at its end without being copied at every addition. */
export class GrowingColumn {
  private values = new Float64Array(1024)
  private used = 0

  get length(): number {
    return this.used
  }

  at(index: number): number {
    return index >= 0 && index < this.used ? this.values[index]! : NaN
  }

  push(value: number): void {
    if (this.used === this.values.length) {
      const larger = new Float64Array(this.used * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.used++] = value
  }

  /** What is there now, without a copy; valid until the next push. */
  view(): Float64Array {
    return this.values.subarray(0, this.used)
  }
}

/**
 * At most about `points` pairs that keep the curve's look: of each bucket its smallest and its largest value, in the
 * order in which they came. A value that is not a number stays where it is first met, as a gap.
 *
 * @returns flat x, y, x, y, …
 */
export function thinned(x: ArrayLike<number>, y: ArrayLike<number>, points: number): Float64Array {
  const length = Math.min(x.length, y.length)
  if (length <= points) {
    const all = new Float64Array(length * 2)
    for (let i = 0; i < length; i++) {
      all[2 * i] = x[i]!
      all[2 * i + 1] = y[i]!
    }
    return all
  }
  const buckets = Math.max(1, Math.floor(points / 2))
  const result: number[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets)
    const to = Math.floor(((bucket + 1) * length) / buckets)
    let low = -1
    let high = -1
    let gap = -1
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(y[i]!)) {
        if (gap < 0) gap = i
        continue
      }
      if (low < 0 || y[i]! < y[low]!) low = i
      if (high < 0 || y[i]! > y[high]!) high = i
    }
    const kept = [...new Set([low, high, gap])].filter((i) => i >= 0).sort((a, b) => a - b)
    for (const i of kept) result.push(x[i]!, y[i]!)
  }
  return Float64Array.from(result)
}

/** The end of an axis that grows rarely: the next of 10, 12, 15, 20, 25, 30, 40, 50, 60, 80 × 10ⁿ, but no more than what is planned. */
export function axisEnd(reached: number, planned: number): number {
  const needed = Math.max(reached, 1)
  const decade = 10 ** Math.floor(Math.log10(needed))
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * decade >= needed) ?? 10
  const end = Math.max(10, Math.round(step * decade))
  return planned >= needed ? Math.min(end, planned) : end
}
