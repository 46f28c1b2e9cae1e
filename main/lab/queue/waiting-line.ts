import type { Configuration } from '../../../shared/configuration'
import { UserError } from '../../../shared/errors'
import type { LiveRun } from './live-run'

export interface Waiting {
  readonly live: LiveRun
  readonly configuration: Configuration
}

/** The runs that wait for their turn, in an order that can be changed. */
export class WaitingLine {
  private readonly entries: Waiting[] = []

  constructor(private readonly onChange: (run: number) => void) {}

  get isEmpty(): boolean {
    return this.entries.length === 0
  }

  find(run: number): LiveRun | undefined {
    return this.entries.find(({ live }) => live.id === run)?.live
  }

  /** Place of a run, from 1; null where it does not wait. */
  place(run: number): number | null {
    const at = this.indexOf(run)
    return at < 0 ? null : at + 1
  }

  add(entry: Waiting, first = false): void {
    if (first) this.entries.unshift(entry)
    else this.entries.push(entry)
  }

  /** Moves a run before another one; to the end where that is null. @throws UserError where one of them does not wait. */
  move(run: number, before: number | null): void {
    const at = this.indexOf(run)
    const target = before === null ? this.entries.length : this.indexOf(before)
    const missing = at < 0 ? run : target < 0 ? before : undefined
    if (missing !== undefined)
      throw new UserError(`run ${missing} does not wait`, { remedy: 'only runs that wait have an order' })
    if (run === before) return
    const [moved] = this.entries.splice(at, 1)
    this.entries.splice(target > at ? target - 1 : target, 0, moved!)
    this.tell()
  }

  /** Takes the first one out, or the one that is named. */
  take(run = this.entries[0]?.live.id): Waiting | undefined {
    const at = this.entries.findIndex(({ live }) => live.id === run)
    return at < 0 ? undefined : this.entries.splice(at, 1)[0]
  }

  takeAll(): Waiting[] {
    return this.entries.splice(0)
  }

  /** Each one's place may be another now. */
  tell(): void {
    for (const { live } of this.entries) this.onChange(live.id)
  }

  private indexOf(run: number): number {
    return this.entries.findIndex(({ live }) => live.id === run)
  }
}
