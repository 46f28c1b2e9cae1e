import { type WaitedStep, Waiting } from '../../../shared/measures/waiting'
import type { EpochRecord } from '../../../shared/records'
import { median } from '../../../shared/statistics/median'

/** Steps whose median tells how long a step takes. */
const RECENT = 25

/** How long the rest of a run will take, from what its steps and evaluations took so far. */
export class ProgressEstimate {
  private readonly recent: WaitedStep[] = []
  /** Milliseconds of the steps of the epoch that is going on. */
  private epochStepsMs = 0
  /** Seconds that the last epoch spent beside its steps: evaluation, for the most part. */
  private besideSteps = 0
  private epochs = 0

  addStep(step: WaitedStep): void {
    if (!Number.isFinite(step.ms)) return
    this.recent.push(step)
    if (this.recent.length > RECENT) this.recent.shift()
    this.epochStepsMs += step.ms
  }

  addEpoch({ seconds }: EpochRecord): void {
    this.besideSteps = Math.max(0, seconds - this.epochStepsMs / 1000)
    this.epochStepsMs = 0
    this.epochs++
  }

  /** Median wall time of the last steps, milliseconds. */
  get stepMs(): number | null {
    return median(this.recent.map(({ ms }) => ms))
  }

  /** Share of the last steps' time that went by waiting for their batches; null where that is not known. */
  get waited(): number | null {
    return Waiting.of(this.recent).share
  }

  /** @param steps Steps of the run in all. @returns seconds, or null where nothing was measured yet. */
  secondsLeft(step: number, steps: number, stepsPerEpoch: number): number | null {
    if (this.stepMs === null) return null
    const epochsLeft = Math.max(0, Math.ceil(steps / Math.max(stepsPerEpoch, 1)) - this.epochs)
    return (Math.max(0, steps - step) * this.stepMs) / 1000 + epochsLeft * this.besideSteps
  }
}
