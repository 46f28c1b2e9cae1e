import { type WaitedStep, Waiting } from '../../../shared/measures/waiting'
import type { Training } from '../../../shared/configuration'
import type { EpochRecord } from '../../../shared/records'
import { median } from '../../../shared/statistics/median'
import { testedEpochs } from '../../../shared/tested-epochs'

/** Steps whose median tells how long a step takes. */
const RECENT = 25

interface TimedStep extends WaitedStep {
  readonly epoch: number
}

type EndedEpoch = Pick<EpochRecord, 'epoch' | 'firstStep' | 'lastStep' | 'testLoss' | 'seconds'>

/** How long the rest of a run will take, from what its steps and evaluations took so far. */
export class ProgressEstimate {
  private readonly recent: WaitedStep[] = []
  /** The epoch that is going on: its number, how many of its steps were seen here, and their milliseconds. */
  private open = { epoch: 0, steps: 0, ms: 0 }
  /** The last epochs that ended with an evaluation and without one; of each, the milliseconds of its steps where all were seen. */
  private readonly ended = new Map<'tested' | 'untested', EndedEpoch & { readonly stepsMs: number | null }>()
  private last: EndedEpoch | undefined

  constructor(private readonly evaluation: Training['evaluation']) {}

  addStep(step: TimedStep): void {
    if (!Number.isFinite(step.ms)) return
    this.recent.push(step)
    if (this.recent.length > RECENT) this.recent.shift()
    if (step.epoch !== this.open.epoch) this.open = { epoch: step.epoch, steps: 0, ms: 0 }
    this.open.steps++
    this.open.ms += step.ms
  }

  addEpoch(record: EndedEpoch): void {
    const { epoch, steps, ms } = this.open
    // Of a run that goes on, some steps were taken before, and the last record is told once more.
    const isSeen = epoch === record.epoch && steps === stepsOf(record)
    this.ended.set(record.testLoss === null ? 'untested' : 'tested', { ...record, stepsMs: isSeen ? ms : null })
    this.last = record
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
    const perEpoch = Math.max(stepsPerEpoch, 1)
    const epochs = Math.ceil(steps / perEpoch)
    // One that was cut short is gone on with where a run is given more steps.
    const ended = this.last && this.last.epoch - (this.last.lastStep % perEpoch === 0 || this.last.lastStep >= steps ? 0 : 1)
    const done = Math.min(ended ?? Math.floor(step / perEpoch), epochs)
    const tested = testedEpochs(this.evaluation, epochs, done)
    const beside = tested * this.besideSteps('tested') + (epochs - done - tested) * this.besideSteps('untested')
    return (Math.max(0, steps - step) * this.stepMs) / 1000 + beside
  }

  /** Seconds that such an epoch spends beside its steps: evaluation, for the most part. */
  private besideSteps(kind: 'tested' | 'untested'): number {
    const epoch = this.ended.get(kind)
    if (!epoch) return 0
    const stepsMs = epoch.stepsMs ?? stepsOf(epoch) * (this.stepMs ?? 0)
    return Math.max(0, epoch.seconds - stepsMs / 1000)
  }
}

function stepsOf({ firstStep, lastStep }: EndedEpoch): number {
  return lastStep - firstStep + 1
}
