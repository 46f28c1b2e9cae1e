/** Values that are one piece of memory, and what was written there last. */
export class InPlace {
  private readonly places = new Map<string, string>()
  private readonly written = new Map<string, string>()
  /** Of a place that is some of another's pixels, that other one. */
  private readonly wholes = new Map<string, string>()
  private readonly stale = new Set<string>()

  latest(name: string): string {
    return this.written.get(this.placeOf(name)) ?? name
  }

  /** @param isWritten Whether it is a change of what it shares. */
  share(name: string, with_: string, isWritten: boolean): void {
    const place = this.placeOf(with_)
    this.places.set(name, place)
    if (!isWritten) return
    this.written.set(place, name)
    const whole = this.wholes.get(place)
    if (whole !== undefined) this.stale.add(whole)
    for (const [part, of] of this.wholes) if (of === place || of === whole) if (part !== place) this.stale.add(part)
  }

  /** A value is some of another's pixels. */
  cut(name: string, from: string): void {
    const place = this.placeOf(from)
    this.wholes.set(name, this.wholes.get(place) ?? place)
  }

  /** Whether some of its pixels were changed by a value that has not all of them. */
  isStale(name: string): boolean {
    return this.stale.has(this.placeOf(name))
  }

  private placeOf(name: string): string {
    return this.places.get(name) ?? name
  }
}
