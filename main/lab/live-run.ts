import type { RunProgress } from '../../shared/api'
import type { z } from 'zod'
import { chainRatio } from '../../shared/norms/ratio'
import type { EpochRecord, RunState, StepRecord } from '../../shared/records'
import type { LastValues } from '../store/last-values'
import { ProgressEstimate } from './progress'

export type Progress = z.infer<typeof RunProgress>
export interface LastMeasured {
  readonly loss: number | null
  readonly accuracy: number | null
  readonly testAccuracy: number | null
  readonly chainRatio: number | null
}

/** What is known of a run of this lab while it goes on, beyond what the store has. */
export class LiveRun {
  state: RunState = 'queued'
  phase: Progress['phase'] = 'queued'
  steps = 0
  stepsPerEpoch = 0
  /** The last step that is done. */
  step = 0
  /** The last step that the store had when the run began or went on; steps up to it are taken again. */
  stored = 0
  /** A step that was taken again came out otherwise. */
  differs = false
  /** Of the process that trains it; null until it has told. */
  memoryBytes: number | null = null
  last: LastMeasured = { loss: null, accuracy: null, testAccuracy: null, chainRatio: null }
  private readonly estimate = new ProgressEstimate()

  constructor(readonly id: number) {}

  /** The last step that the store has. */
  get lastStored(): number {
    return Math.max(this.step, this.stored)
  }

  /** Takes in records that were stored. */
  add(steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    for (const step of steps) this.estimate.addStep(step)
    for (const epoch of epochs) {
      this.estimate.addEpoch(epoch)
      if (epoch.testAccuracy !== null) this.last = { ...this.last, testAccuracy: epoch.testAccuracy }
    }
    const last = steps[steps.length - 1]
    if (!last) return
    this.step = last.step
    this.last = { ...this.last, ...measuredBy(last) }
  }

  progress(): Progress {
    const { phase, step, steps, stepsPerEpoch, memoryBytes } = this
    const secondsLeft = steps > 0 ? this.estimate.secondsLeft(step, steps, stepsPerEpoch) : null
    return { phase, step, steps, stepsPerEpoch, stepMs: this.estimate.stepMs, secondsLeft, memoryBytes }
  }
}

/** The last values of a run that is only in the store. */
export function lastMeasured(values: LastValues): LastMeasured {
  const none = { loss: null, accuracy: null, chainRatio: null }
  return { ...(values.step ? measuredBy(values.step) : none), testAccuracy: values.testAccuracy }
}

function measuredBy(step: StepRecord): Omit<LastMeasured, 'testAccuracy'> {
  return { loss: step.loss, accuracy: step.accuracy, chainRatio: step.norms.length > 1 ? chainRatio(step.norms) : null }
}
