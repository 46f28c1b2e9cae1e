import type { Training } from '../../../shared/configuration'
import type { EpochRecord } from '../../../shared/records'

/** Ends a run whose measure has not improved for some epochs. Its state is plain JSON, so that a run can go on with it. */
export class EarlyStop {
  private best: number | null = null
  private bestEpoch = 0

  constructor(private readonly settings: Training['earlyStop']) {}

  /**
   * Takes in an epoch.
   * @returns why the run shall end, in one sentence; undefined where it shall go on.
   */
  add(epoch: EpochRecord): string | undefined {
    const { measure, least } = this.settings
    const value =
      measure === 'test-loss'
        ? epoch.testLoss
        : measure === 'test-accuracy'
          ? epoch.testAccuracy
          : measure === 'train-loss'
            ? epoch.trainLoss
            : null
    // An epoch that was not tested says nothing.
    if (value === null) return undefined
    const name = measure.replace('-', ' ')
    // A value that is not finite is never the best: nothing would be better than it.
    if (!Number.isFinite(value)) return this.verdict(epoch.epoch, name)
    const gain = this.best === null ? Infinity : measure === 'test-accuracy' ? value - this.best : this.best - value
    if (gain > least) {
      this.best = value
      this.bestEpoch = epoch.epoch
    }
    return this.verdict(epoch.epoch, name)
  }

  private verdict(epoch: number, name: string): string | undefined {
    if (epoch - this.bestEpoch < this.settings.patience) return undefined
    if (this.best === null) return `stopped early: the ${name} was not finite in any of ${epoch} epochs`
    return `stopped early: the ${name} has not improved since epoch ${this.bestEpoch} (${Number(this.best.toPrecision(4))})`
  }

  save(): { best: number | null; bestEpoch: number } {
    return { best: this.best, bestEpoch: this.bestEpoch }
  }

  restore({ best, bestEpoch }: { best: number | null; bestEpoch: number }): this {
    this.best = best
    this.bestEpoch = bestEpoch
    return this
  }
}
