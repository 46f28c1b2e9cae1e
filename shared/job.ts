import { z } from 'zod'

/** Work that takes more than a moment: it is begun, tells how far it has come, can be called off, and ends with an answer. */

export const JobProgress = z.object({
  /** What is being done, for people: `reading`. `waiting` behind other work. */
  phase: z.string(),
  /** Of so many; 0 where it is not known how many. */
  done: z.number(),
  total: z.number(),
  /** Estimate from the pace so far; null where there is none yet. */
  secondsLeft: z.number().nullable(),
})
export type JobProgress = z.infer<typeof JobProgress>

/** Of a job that nothing was heard of yet: where it has to wait, it says so. */
export const BEGINNING: JobProgress = { phase: '', done: 0, total: 0, secondsLeft: null }

/** A job that was begun. */
export interface RunningJob<T> {
  /** @throws UserError where it is refused, fails, or was called off. */
  readonly result: Promise<T>
  /** Ends the work at once; what it had made is taken away. */
  cancel(): void
}

/** Between two words of how far a phase is, milliseconds: a byte is no news. */
const TELL_MS = 100

/** Tells how far work is, of a phase that goes on only now and then. */
export function seldom<P extends string>(
  tell: (phase: P, done: number, total: number) => void,
  now: () => number = () => performance.now(),
): (phase: P, done: number, total: number) => void {
  let last = { phase: null as P | null, at: -Infinity }
  return (phase, done, total) => {
    const at = now()
    if (phase === last.phase && at - last.at < TELL_MS && done < total) return
    last = { phase, at }
    tell(phase, done, total)
  }
}

/** Share of a phase of which its pace says nothing yet: what begins it is no measure of the rest. */
const TOO_LITTLE = 0.005

/** Seconds left at the pace of this phase so far; null in its first moments. */
export class Pace {
  private phase = ''
  private began = 0
  private first = 0

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How far work is, with the seconds left. */
  told({ phase, done = 0, total = 0 }: Pick<JobProgress, 'phase'> & Partial<Pick<JobProgress, 'done' | 'total'>>): JobProgress {
    const progress = { phase, done, total }
    return { ...progress, secondsLeft: this.secondsLeft(progress) }
  }

  secondsLeft({ phase, done, total }: Omit<JobProgress, 'secondsLeft'>): number | null {
    if (phase !== this.phase) {
      this.phase = phase
      this.began = this.now()
      this.first = done
    }
    const seconds = (this.now() - this.began) / 1000
    const progressed = done - this.first
    if (seconds < 0.5 || progressed <= TOO_LITTLE * (total - this.first) || total <= done) return null
    return ((total - done) * seconds) / progressed
  }
}
