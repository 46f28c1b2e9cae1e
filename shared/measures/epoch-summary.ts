import { ratios } from '../norms/ratio'
import type { EpochRecord, StepRecord, TestScores } from '../records'

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
  /** Steps whose ratio was not finite; absent in what older versions saved. */
  readonly notFinite?: readonly number[]
}

/**
 * Whether a step updated the weights: its loss and all of its norms are finite. One that did not ends the run and is no part of its
 * epoch.
 */
export function isFiniteStep({ loss, gradientNorm = 0, norms, activations, weights }: StepRecord): boolean {
  return (
    Number.isFinite(loss) &&
    Number.isFinite(gradientNorm) &&
    [norms, activations, weights].every((values) => values?.every(Number.isFinite) ?? true)
  )
}

/**
 * Gathers an epoch's steps: mean loss and accuracy; mean, least and greatest ratio of each unit. One rule holds for a ratio that is not
 * finite, while the epoch goes on and when it is over: it is left out and counted. A unit that never had a finite one has NaN.
 */
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
  private readonly notFinite: Float32Array

  constructor(
    readonly epoch: number,
    units: number,
  ) {
    this.sum = new Float64Array(units)
    this.min = new Float32Array(units).fill(Infinity)
    this.max = new Float32Array(units).fill(-Infinity)
    this.notFinite = new Float32Array(units)
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
      const value = ratio[unit]!
      if (!Number.isFinite(value)) {
        this.notFinite[unit]!++
        continue
      }
      this.sum[unit]! += value
      if (value < this.min[unit]!) this.min[unit] = value
      if (value > this.max[unit]!) this.max[unit] = value
    }
  }

  /** The state, to go on from later with `restore`; JSON keeps its numbers exactly. @param seconds Wall time so far. */
  save(seconds: number): SavedSummary {
    const { epoch, steps, measured, firstStep, lastStep, loss, accuracy } = this
    const finite = (values: Float32Array): (number | null)[] =>
      Array.from(values, (value) => (Number.isFinite(value) ? value : null))
    return {
      ...{ epoch, steps, measured, firstStep, lastStep, loss, accuracy, seconds, sum: [...this.sum] },
      ...{ min: finite(this.min), max: finite(this.max), notFinite: [...this.notFinite] },
    }
  }

  static restore(saved: SavedSummary): EpochSummary {
    const summary = new EpochSummary(saved.epoch, saved.sum.length)
    const { steps, measured, firstStep, lastStep, loss, accuracy } = saved
    Object.assign(summary, { steps, measured, firstStep, lastStep, loss, accuracy })
    summary.sum.set(saved.sum)
    summary.min.set(saved.min.map((value) => value ?? Infinity))
    summary.max.set(saved.max.map((value) => value ?? -Infinity))
    summary.notFinite.set(saved.notFinite ?? [])
    return summary
  }

  get isEmpty(): boolean {
    return this.steps === 0
  }

  /**
   * What the epoch has shown so far.
   *
   * @param test Loss and accuracy on the test split; null where it was not evaluated.
   * @param seconds Wall time of the epoch, evaluation included.
   */
  record(test: TestScores | null, seconds: number): EpochRecord {
    const { measured, notFinite } = this
    const none = (values: Float32Array): Float32Array => values.map((value) => (Number.isFinite(value) ? value : NaN))
    return {
      epoch: this.epoch,
      firstStep: this.firstStep,
      lastStep: this.lastStep,
      trainLoss: this.loss / this.steps,
      trainAccuracy: this.accuracy / this.steps,
      testLoss: test?.loss ?? null,
      testAccuracy: test?.accuracy ?? null,
      ...(test?.withoutCopies && { withoutCopies: test.withoutCopies }),
      seconds,
      measured,
      ratios: {
        mean: Float32Array.from(this.sum, (sum, unit) => sum / (measured - notFinite[unit]!)),
        min: none(this.min),
        max: none(this.max),
        notFinite: notFinite.slice(),
      },
    }
  }
}
