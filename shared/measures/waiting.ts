import type { StepRecord } from '../records'

/** A share of waiting that is worth a sentence, and the time from which on it is: a few milliseconds matter to nobody. */
const WORTH_SAYING = { share: 0.05, ms: 500 }

/** Whether so much waiting is worth a reader's notice. */
export const isLongWait = (share: number): boolean => share >= WORTH_SAYING.share

/** What of its time a step waited. */
export type WaitedStep = Pick<StepRecord, 'step' | 'ms' | 'waitedMs'>

/** How much of some steps' time went by waiting for data. */
export class Waiting {
  private ms = 0
  private waitedMs = 0

  /** A run's first step is left out: it waits for the thread to start. */
  add({ step, ms, waitedMs }: WaitedStep): void {
    if (step === 1 || waitedMs === undefined || !Number.isFinite(ms) || !Number.isFinite(waitedMs)) return
    this.ms += ms
    this.waitedMs += waitedMs
  }

  /** 0–1; null where nothing is known. */
  get share(): number | null {
    return this.ms > 0 ? this.waitedMs / this.ms : null
  }

  static of(steps: readonly WaitedStep[]): Waiting {
    const waiting = new Waiting()
    for (const step of steps) waiting.add(step)
    return waiting
  }

  /** One sentence on an epoch whose steps waited long; undefined where they did not. */
  words(epoch: number): string | undefined {
    const { share, waitedMs } = this
    if (share === null || !isLongWait(share) || waitedMs < WORTH_SAYING.ms) return undefined
    return (
      `in epoch ${epoch}, ${Math.round(100 * share)} % of the steps’ time went by waiting for images: ` +
      'they are read or prepared more slowly than they are trained on. A data folder on a quicker disk, or fewer programs beside, would help'
    )
  }
}
