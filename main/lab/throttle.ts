/** A subscriber hears at most this often, milliseconds. */
const QUIET_MS = 100

/**
 * Runs `action` soon after `ask`, however often it is asked, and never twice within `quietMs`. The first ask after a
 * quiet time acts in the same turn of the event loop, so what is rare is not late.
 */
export class Throttle {
  private timer: NodeJS.Timeout | undefined
  private last = -Infinity

  constructor(
    private readonly action: () => void,
    private readonly quietMs = QUIET_MS,
  ) {}

  ask(): void {
    if (this.timer) return
    const wait = Math.max(0, this.last + this.quietMs - performance.now())
    this.timer = setTimeout(() => this.now(), wait)
  }

  /** Acts at once where something waits. */
  flush(): void {
    if (this.timer) this.now()
  }

  cancel(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private now(): void {
    this.cancel()
    this.last = performance.now()
    this.action()
  }
}
