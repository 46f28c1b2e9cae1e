/** The first wait after a call that had no answer, and the longest, milliseconds; a place may be away for days. */
export const FIRST_RETRY_MS = 2_000
export const LAST_RETRY_MS = 120_000

/** Waits between tries of one thing, each twice as long as the one before. */
export class Retries {
  private after = FIRST_RETRY_MS

  /** Whether nothing has failed since the last success. */
  get isFresh(): boolean {
    return this.after === FIRST_RETRY_MS
  }

  /** How long to wait now, milliseconds. */
  next(): number {
    const { after } = this
    this.after = Math.min(LAST_RETRY_MS, after * 2)
    return after
  }

  succeeded(): void {
    this.after = FIRST_RETRY_MS
  }
}
