import { ratios } from '../../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../../shared/records'

/** An epoch that is not over, as plain JSON. */
export interface SavedSummary {
  readonly epoch: number
  readonly steps: number
  /** Those of them whose norms were measured. */
  readonly measured: number
  readonly firstStep: number
  readonly lastStep: number
  readonly loss: number
  readonly accuracy: number
  readonly seconds: number
  readonly sum: readonly number[]
  /** Null where nothing was measured yet. */
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** Gathers an epoch's steps: mean, least and greatest ratio of each unit, mean loss and accuracy. */
export class EpochSummary {
  private steps = 0
  private measured = 0
  private firstStep = 0
  private lastStep = 0
  private loss = 0
  private accuracy = 0
  private readonly sum: Float64Array
  private readonly min: Float32Array
  private readonly max: Float32Array
  private began = performance.now()

  constructor(
    readonly epoch: number,
    units: number,
  ) {
    this.sum = new Float64Array(units)
    this.min = new Float32Array(units).fill(Infinity)
    this.max = new Float32Array(units).fill(-Infinity)
  }

  add({ step, loss, accuracy, norms }: StepRecord): void {
    if (this.steps === 0) this.firstStep = step
    this.lastStep = step
    this.steps++
    this.loss += loss
    this.accuracy += accuracy
    if (norms.length === 0) return
    this.measured++
    const ratio = ratios(norms)
    for (let unit = 0; unit < ratio.length; unit++) {
      this.sum[unit]! += ratio[unit]!
      this.min[unit] = Math.min(this.min[unit]!, ratio[unit]!)
      this.max[unit] = Math.max(this.max[unit]!, ratio[unit]!)
    }
  }

  /** The state, to go on from later with `restore`; JSON keeps its numbers exactly. */
  save(): SavedSummary {
    const { epoch, steps, measured, firstStep, lastStep, loss, accuracy } = this
    const finite = (values: Float32Array): (number | null)[] =>
      Array.from(values, (value) => (Number.isFinite(value) ? value : null))
    const seconds = (performance.now() - this.began) / 1000
    return {
      epoch,
      steps,
      measured,
      firstStep,
      lastStep,
      loss,
      accuracy,
      seconds,
      sum: [...this.sum],
      min: finite(this.min),
      max: finite(this.max),
    }
  }

  static restore(saved: SavedSummary): EpochSummary {
    const summary = new EpochSummary(saved.epoch, saved.sum.length)
    const { steps, measured, firstStep, lastStep, loss, accuracy } = saved
    Object.assign(summary, { steps, measured, firstStep, lastStep, loss, accuracy })
    summary.sum.set(saved.sum)
    summary.min.set(saved.min.map((value) => value ?? Infinity))
    summary.max.set(saved.max.map((value) => value ?? -Infinity))
    summary.began -= saved.seconds * 1000
    return summary
  }

  get isEmpty(): boolean {
    return this.steps === 0
  }

  /** @param test Loss and accuracy on the test split; null where it was not evaluated. */
  record(test: { loss: number; accuracy: number } | null): EpochRecord {
    return {
      epoch: this.epoch,
      firstStep: this.firstStep,
      lastStep: this.lastStep,
      trainLoss: this.loss / this.steps,
      trainAccuracy: this.accuracy / this.steps,
      testLoss: test?.loss ?? null,
      testAccuracy: test?.accuracy ?? null,
      seconds: (performance.now() - this.began) / 1000,
      ratios: { mean: Float32Array.from(this.sum, (sum) => sum / this.measured), min: this.min, max: this.max },
    }
  }
}
