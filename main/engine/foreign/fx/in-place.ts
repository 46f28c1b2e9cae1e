/** A name that is not the first of its piece of memory. */
interface Alias {
  /** The first one. */
  readonly place: string
  /** How often had been written there by the time that it was given. */
  readonly writes: number
}

/** Values that are one piece of memory, and what was written there last. A call costs the same however many came before it. */
export class InPlace {
  private readonly aliases = new Map<string, Alias>()
  /** What was written to a place last, and how often something was. */
  private readonly written = new Map<string, { readonly last: string; readonly writes: number }>()
  /** Of a place that is some of another's pixels, or all in other axes, that other one. */
  private readonly wholes = new Map<string, string>()
  /** Of a whole, those places that are not stale. */
  private readonly parts = new Map<string, Set<string>>()
  private readonly stale = new Set<string>()

  latest(name: string): string {
    const alias = this.aliases.get(name)
    const written = this.written.get(alias?.place ?? name)
    return written && written.writes > (alias?.writes ?? 0) ? written.last : name
  }

  /** @param isWritten Whether it is a change of what it shares. */
  share(name: string, with_: string, isWritten: boolean): void {
    const place = this.placeOf(with_)
    const writes = (this.written.get(place)?.writes ?? 0) + (isWritten ? 1 : 0)
    this.aliases.set(name, { place, writes })
    if (!isWritten) return
    this.written.set(place, { last: name, writes })
    this.spoilOthers(place)
  }

  /** A value is some of another's pixels. */
  cut(name: string, from: string): void {
    const place = this.placeOf(from)
    const whole = this.wholes.get(place) ?? place
    this.wholes.set(name, whole)
    const parts = this.parts.get(whole)
    if (parts) parts.add(name)
    else this.parts.set(whole, new Set([name]))
  }

  /** Whether it is some of another's pixels, which are not next to one another. */
  isPart(name: string): boolean {
    return this.wholes.has(this.placeOf(name))
  }

  /** Whether some of its pixels were changed by a value that has not all of them. */
  isStale(name: string): boolean {
    return this.stale.has(this.placeOf(name))
  }

  /** What has pixels of a place that was written to; each becomes stale once. */
  private spoilOthers(place: string): void {
    const whole = this.wholes.get(place)
    if (whole !== undefined) this.stale.add(whole)
    const parts = this.parts.get(whole ?? place)
    if (!parts) return
    const isFresh = parts.delete(place)
    for (const part of parts) this.stale.add(part)
    parts.clear()
    if (isFresh) parts.add(place)
  }

  private placeOf(name: string): string {
    return this.aliases.get(name)?.place ?? name
  }
}
