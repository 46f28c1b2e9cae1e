import type { Configuration } from '../../../shared/configuration'
import { UserError, isUserError } from '../../../shared/errors'
import { EpochSummary } from '../../../shared/measures/epoch-summary'
import { missingWords } from '../../../shared/measures/missing-words'
import { Waiting } from '../../../shared/measures/waiting'
import { writeSignal } from '../../../shared/norms/signal'
import type { EpochRecord, StepRecord, TestScores } from '../../../shared/records'
import type { OpenDataset } from '../../datasets/catalogue'
import { BatchFiller } from '../../datasets/batches'
import type { BatchSource, GivenBatch } from '../batches/source'
import type { Batch, NetworkSession } from '../network-session'
import type { TrainingEvent } from '../protocol'
import { type Progress, writeCheckpoint } from './checkpoint'
import { describeDivergence, traceDivergence } from './divergence'
import { EarlyStop } from './early-stop'
import type { LiveSpectra } from './live-spectra'
import type { Repairs } from './repairs'
import { rateAt } from '../../../shared/schedules/rate'
import { isTested } from '../../../shared/tested-epochs'
import { evaluateSplit } from './test-split'
import type { TrainingControl } from './train'

/** Between two words on how far an evaluation has come. */
const TEST_TELL_MS = 250

export interface LoopParts {
  readonly configuration: Configuration
  readonly session: NetworkSession
  readonly data: OpenDataset
  /** Places in the tested split of the images with a known copy in the one that is trained on; null where nobody looked for copies. */
  readonly copied: readonly number[] | null
  readonly batches: BatchSource
  readonly stepsPerEpoch: number
  readonly repairs: Repairs
  /** Absent where nobody looks at them. */
  readonly spectra: LiveSpectra | undefined
  /** Steps of the whole run. */
  readonly steps: number
  readonly checkpointFolder: string
  readonly control: TrainingControl
  readonly emit: (event: TrainingEvent) => void
}

/** The steps and epochs of one run, from its beginning or from where a checkpoint left it. */
export class Loop {
  private readonly earlyStop: EarlyStop
  private summary: EpochSummary
  /** Of the open epoch's steps in this process. */
  private waiting = new Waiting()
  private hasToldWaiting = false
  /** When the open epoch would have begun, had the run never been away, on the clock of `performance`. */
  private epochBegan: number
  private done: number
  private checkpointed: number
  private best: number | null
  private lastEpoch: EpochRecord | null

  constructor(
    private readonly parts: LoopParts,
    from: Progress | undefined,
  ) {
    this.earlyStop = new EarlyStop(parts.configuration.training.earlyStop)
    if (from) this.earlyStop.restore(from.earlyStop)
    this.summary = from ? EpochSummary.restore(from.summary) : this.nextSummary(1)
    this.epochBegan = performance.now() - 1000 * (from?.summary.seconds ?? 0)
    this.done = from?.step ?? 0
    this.checkpointed = this.done
    this.best = from?.best ?? null
    this.lastEpoch = from?.epoch ?? null
  }

  async run(): Promise<void> {
    const { emit, control, steps } = this.parts
    if (this.lastEpoch) emit({ type: 'epoch', record: this.lastEpoch })
    emit({ type: 'phase', phase: 'first-step' })
    let isFirst = true
    let reason: string | undefined
    // The checkpoint may be of a moment when the epoch's steps were done and its evaluation was not.
    if (!this.summary.isEmpty && this.isEpochsEnd()) reason = await this.endEpoch()
    while (this.done < steps && reason === undefined) {
      if (await this.stopped()) return this.stop()
      const began = performance.now()
      const given = await this.parts.batches.next(() => control.state() === 'stop')
      if (!given) return this.stop()
      const { record, finite } = this.step(this.done + 1, given, began)
      emit({ type: 'step', record })
      if (!finite) {
        this.closeEpoch()
        return this.fail(record, given)
      }
      this.done = record.step
      this.summary.add(record)
      this.waiting.add(record)
      this.parts.spectra?.after(record.step)
      if (isFirst) emit({ type: 'phase', phase: 'train' })
      isFirst = false
      if (this.isEpochsEnd()) reason = await this.endEpoch()
      const { every } = this.parts.configuration.training.checkpoint
      if (every > 0 && this.done % every === 0) this.checkpoint()
    }
    if (control.state() === 'stop') return this.stop()
    await this.parts.spectra?.finish(this.done, () => control.state() === 'stop')
    if (reason !== undefined) emit({ type: 'notice', step: this.done, message: reason })
    this.checkpoint()
    emit({ type: 'ended', outcome: 'done' })
  }

  private isEpochsEnd(): boolean {
    return this.done % this.parts.stepsPerEpoch === 0 || this.done === this.parts.steps
  }

  /** @returns why the run shall end early. */
  private async endEpoch(): Promise<string | undefined> {
    const { emit, configuration, steps, stepsPerEpoch } = this.parts
    const { epoch } = this.summary
    const { evaluation, checkpoint } = configuration.training
    const isLast = this.done === steps
    const isDue = isTested(evaluation, epoch, isLast)
    const test = isDue ? await this.test() : null
    // Told to stop in the middle of it: the summary stays open, and whoever goes on evaluates first.
    if (isDue && !test && this.parts.control.state() === 'stop') return undefined
    const record = this.summary.record(test, this.epochSeconds())
    emit({ type: 'epoch', record })
    // Told of the first of such epochs; their records count on.
    const missing = missingWords(record)
    if (missing && !(this.lastEpoch && missingWords(this.lastEpoch))) emit({ type: 'notice', step: this.done, message: missing })
    this.tellWaiting(epoch)
    this.lastEpoch = record
    // A last epoch that is cut short goes on where the run is given more steps.
    if (this.done % stepsPerEpoch === 0) {
      this.summary = this.nextSummary(epoch + 1)
      this.epochBegan = performance.now()
    }
    const reason = this.earlyStop.add(record)
    if (this.isBest(record) && checkpoint.best) this.checkpoint()
    if (checkpoint.epochs > 0 && epoch % checkpoint.epochs === 0) this.checkpoint()
    if (!isLast && isDue) emit({ type: 'phase', phase: 'train' })
    return reason
  }

  /** Of the first epoch that waits long; the share of the others is on record. */
  private tellWaiting(epoch: number): void {
    const message = this.waiting.words(epoch)
    this.waiting = new Waiting()
    if (message === undefined || this.hasToldWaiting) return
    this.hasToldWaiting = true
    this.parts.emit({ type: 'notice', step: this.done, message })
  }

  /** Evaluates on the test split, and tells how far it has come. @returns null where it was told to stop, or to leave it out. */
  private async test(): Promise<TestScores | null> {
    const { emit, session, data, batches, configuration, copied, control } = this.parts
    const filler = new BatchFiller(data.test, await batches.statistics())
    const images = data.test.length
    const began = performance.now()
    let told = -Infinity
    let skipped: number | undefined
    const tell = (done: number): void => {
      const now = performance.now()
      if (now - told < TEST_TELL_MS && done < images) return
      told = now
      emit({ type: 'test', progress: { done, images, seconds: (now - began) / 1000 } })
    }
    // A word that came too late for the last one is not for this one.
    control.takeSkip()
    emit({ type: 'phase', phase: 'evaluate' })
    tell(0)
    const test = await evaluateSplit(session, data.test, filler, configuration.training.batch, copied, async (done) => {
      tell(done)
      const stops = await this.stopped()
      if (control.takeSkip() && done < images) skipped = done
      return stops || skipped !== undefined
    })
    if (skipped !== undefined && control.state() !== 'stop') {
      const { epoch } = this.summary
      emit({
        type: 'notice',
        step: this.done,
        message: `the test after epoch ${epoch} was skipped at ${skipped} of ${images} images`,
      })
    }
    return test
  }

  private isBest({ testAccuracy }: EpochRecord): boolean {
    if (testAccuracy === null || !(testAccuracy > (this.best ?? -Infinity))) return false
    this.best = testAccuracy
    return true
  }

  private nextSummary(epoch: number): EpochSummary {
    return new EpochSummary(epoch, this.parts.session.network.units.length)
  }

  private epochSeconds(): number {
    return (performance.now() - this.epochBegan) / 1000
  }

  private step(step: number, given: GivenBatch, began: number): { record: StepRecord; finite: boolean } {
    const { configuration, repairs, session, stepsPerEpoch, steps } = this.parts
    const rate = rateAt(configuration.training, step, stepsPerEpoch, steps)
    repairs.before(step)
    const { every, signal: look } = configuration.training.measures
    const isMeasured = (step - 1) % every === 0
    const looks = look > 0 && (step - 1) % look === 0
    const { finite, signal, ...measures } = session.step(this.batch(step, given), rate, step, isMeasured, looks)
    if (finite) repairs.after(step)
    const epoch = Math.floor((step - 1) / stepsPerEpoch) + 1
    const ms = performance.now() - began
    const told = { ...measures, ...(signal && { signal: writeSignal(signal) }) }
    return { record: { step, epoch, rate, ms, waitedMs: given.waitedMs, ...told }, finite }
  }

  private batch(step: number, { images, labels }: GivenBatch): Batch {
    return { images, labels, key: [this.parts.configuration.seed | 0, step] }
  }

  /** Writes the state after the last step. A disk that will not take it costs the checkpoint, not the run. */
  private checkpoint(): void {
    if (this.checkpointed === this.done) return
    const { session, batches, checkpointFolder, emit } = this.parts
    const { done: step, best, lastEpoch: epoch } = this
    const [summary, earlyStop] = [this.summary.save(this.epochSeconds()), this.earlyStop.save()]
    try {
      writeCheckpoint(checkpointFolder, session, { step, sampler: batches.position(), summary, epoch, earlyStop, best })
      this.checkpointed = step
      emit({ type: 'checkpoint', step })
    } catch (error) {
      if (!isUserError(error)) throw error
      emit({ type: 'notice', step, message: `the checkpoint of step ${step} could not be written: ${error.message}` })
    }
  }

  /** The lab wants the run to end, or to make room for another program: it can go on from here. */
  private stop(): void {
    this.parts.spectra?.close(this.done)
    this.closeEpoch()
    this.checkpoint()
    this.parts.emit({ type: 'ended', outcome: 'stopped' })
  }

  /** Tells of an epoch that is cut off. */
  private closeEpoch(): void {
    if (!this.summary.isEmpty) this.parts.emit({ type: 'epoch', record: this.summary.record(null, this.epochSeconds()) })
  }

  private fail({ step, rate }: StepRecord, given: GivenBatch): void {
    this.parts.spectra?.close(this.done)
    const divergence = traceDivergence(this.parts.session, this.batch(step, given), step)
    const { problem, remedy } = describeDivergence(divergence, rate)
    this.parts.emit({ type: 'failed', error: { message: new UserError(problem, { remedy }).message, forUser: true }, divergence })
  }

  /** Hears what the lab says, and sits out a pause. */
  private async stopped(): Promise<boolean> {
    const { control, emit } = this.parts
    // A pause that is known already is told of before it is sat out.
    if (control.state() === 'run') await control.wait()
    if (control.state() === 'pause') {
      // A pause may be long: whatever happens meanwhile, the run goes on from here.
      this.checkpoint()
      emit({ type: 'state', state: 'paused' })
      this.parts.spectra?.pause()
      while (control.state() === 'pause') await control.wait()
      this.parts.spectra?.resume()
      emit({ type: 'state', state: 'running' })
    }
    return control.state() === 'stop'
  }
}
