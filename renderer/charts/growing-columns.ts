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

/** The end of an axis that grows rarely: the next of 10, 12, 15, 20, 25, 30, 40, 50, 60, 80 × 10ⁿ, but no more than what is planned. */
export function axisEnd(reached: number, planned: number): number {
  const needed = Math.max(reached, 1)
  const decade = 10 ** Math.floor(Math.log10(needed))
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * decade >= needed) ?? 10
  const end = Math.max(10, Math.round(step * decade))
  return planned >= needed ? Math.min(end, planned) : end
}
