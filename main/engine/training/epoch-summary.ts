import { ratios } from '../../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../../shared/records'

/** Gathers an epoch's steps: mean, least and greatest ratio of each unit, mean loss and accuracy. */
export class EpochSummary {
  private steps = 0
  private firstStep = 0
  private lastStep = 0
  private loss = 0
  private accuracy = 0
  private readonly sum: Float64Array
  private readonly min: Float32Array
  private readonly max: Float32Array
  private readonly began = performance.now()

  constructor(
    private readonly epoch: number,
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
    const ratio = ratios(norms)
    for (let unit = 0; unit < ratio.length; unit++) {
      this.sum[unit]! += ratio[unit]!
      this.min[unit] = Math.min(this.min[unit]!, ratio[unit]!)
      this.max[unit] = Math.max(this.max[unit]!, ratio[unit]!)
    }
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
      ratios: { mean: Float32Array.from(this.sum, (sum) => sum / this.steps), min: this.min, max: this.max },
    }
  }
}
