/** Values that are one piece of memory, and what was written there last. */
export class InPlace {
  private readonly places = new Map<string, string>()
  /** All names of a place that are not its own. */
  private readonly others = new Map<string, string[]>()
  /** What stands where a name's value was, once it was written to. */
  private readonly written = new Map<string, string>()
  /** Of a place that is some of another's pixels, or all in other axes, that other one. */
  private readonly wholes = new Map<string, string>()
  private readonly stale = new Set<string>()

  latest(name: string): string {
    return this.written.get(name) ?? name
  }

  /**
   * @param isWritten Whether it is a change of what it shares.
   * @param isLayer Whether it is a layer that leaves its input as it is in evaluation alone: a dropout.
   */
  share(name: string, with_: string, isWritten: boolean, isLayer = false): void {
    const place = this.placeOf(with_)
    this.places.set(name, place)
    this.others.set(place, [...(this.others.get(place) ?? []), name])
    if (!isWritten) {
      const before = this.written.get(with_)
      if (before !== undefined && !isLayer) this.written.set(name, before)
      return
    }
    for (const one of [place, ...(this.others.get(place) ?? [])]) this.written.set(one, name)
    const whole = this.wholes.get(place)
    if (whole !== undefined) this.stale.add(whole)
    for (const [part, of] of this.wholes) if (of === place || of === whole) if (part !== place) this.stale.add(part)
  }

  /** A value is some of another's pixels. */
  cut(name: string, from: string): void {
    const place = this.placeOf(from)
    this.wholes.set(name, this.wholes.get(place) ?? place)
  }

  /** Whether it is some of another's pixels, which are not next to one another. */
  isPart(name: string): boolean {
    return this.wholes.has(this.placeOf(name))
  }

  /** Whether some of its pixels were changed by a value that has not all of them. */
  isStale(name: string): boolean {
    return this.stale.has(this.placeOf(name))
  }

  private placeOf(name: string): string {
    return this.places.get(name) ?? name
  }
}
