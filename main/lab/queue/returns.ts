import type { LiveRun } from './live-run'

/** A run that dies again and again without a step in between is given up after this many times. */
const MOST = 3

/** How often each run came back without a new step, and the step that it had. */
export class Returns {
  private readonly known = new Map<number, { step: number; times: number }>()

  /** Counts that a run's process is gone. @returns how often in a row, and whether the run is given up. */
  count({ id, step }: Pick<LiveRun, 'id' | 'step'>): { readonly times: number; readonly isGivenUp: boolean } {
    const before = this.known.get(id)
    const times = before && before.step === step ? before.times + 1 : 1
    this.known.set(id, { step, times })
    return { times, isGivenUp: times > MOST }
  }
}

/** How a run comes back whose process or store was gone. */
export const goesOn = (wish: LiveRun['wish']): string =>
  wish === 'pause' ? 'the run goes back to its last checkpoint and stays paused' : 'the run goes on from its last checkpoint'
