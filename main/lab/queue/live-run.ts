import type { RunProgress } from '../../../shared/api'
import type { z } from 'zod'
import type { Configuration } from '../../../shared/configuration'
import { ratios } from '../../../shared/norms/ratio'
import type { EpochRecord, RunState, StepRecord } from '../../../shared/records'
import { secondsOfRest } from '../../../shared/test-progress'
import type { LastValues } from '../../store/last-values'
import { AlarmWatch } from './alarms'
import { ProgressEstimate } from './progress'

export type Progress = z.infer<typeof RunProgress>

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
  /** The last step, and the last one whose norms were measured; steps that are taken again count again. */
  last: LastValues = { step: undefined, measured: undefined }
  /** The evaluation that is going on. */
  test: Progress['test']
  /** What its user asked of its process, and still holds where that dies: who wants it stopped does not want it back, who paused it wants it back paused. */
  wish: 'stop' | 'pause' | null = null
  private hasRatio = false
  readonly alarms: AlarmWatch
  private readonly estimate: ProgressEstimate

  constructor(
    readonly id: number,
    { training }: Configuration,
  ) {
    this.alarms = new AlarmWatch(training.alarms)
    this.estimate = new ProgressEstimate(training.evaluation)
  }

  /** The last step that the store has. */
  get lastStored(): number {
    return Math.max(this.step, this.stored)
  }

  /** Takes in records that were stored. */
  add(steps: readonly StepRecord[], epochs: readonly EpochRecord[]): void {
    for (const step of steps) {
      this.estimate.addStep(step)
      this.hasRatio ||= hasFinite(step)
    }
    for (const epoch of epochs) this.estimate.addEpoch(epoch)
    const last = steps[steps.length - 1]
    if (!last) return
    this.step = last.step
    const measured = [...steps].reverse().find(({ norms }) => norms.length > 1)
    this.last = { step: last, measured: measured ?? this.last.measured }
  }

  /** Whether norms were measured and no ratio of them was a number. */
  get isWithoutRatio(): boolean {
    const { measured } = this.last
    return measured !== undefined && !this.hasRatio && !hasFinite(measured)
  }

  /** Share of the last steps' time that went by waiting for their batches. */
  get waited(): number | null {
    return this.estimate.waited
  }

  progress(): Progress {
    const { phase, step, steps, stepsPerEpoch, memoryBytes, test } = this
    const isLastTest = test !== undefined && step === steps
    const estimate = steps > 0 ? this.estimate.secondsLeft(step, steps, stepsPerEpoch) : null
    const secondsLeft = isLastTest ? secondsOfRest(test) : estimate
    return { phase, step, steps, stepsPerEpoch, stepMs: this.estimate.stepMs, secondsLeft, memoryBytes, ...(test && { test }) }
  }
}

const hasFinite = ({ norms }: Pick<StepRecord, 'norms'>): boolean => ratios(norms).some(Number.isFinite)
