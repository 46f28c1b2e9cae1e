import { setTimeout as delay } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import type { Training } from '../../../shared/configuration'
import { type LiveLayer, shareTaken, stepsBetween } from '../../../shared/spectra/live'
import type { NetworkSession } from '../network-session'
import type { TrainingEvent } from '../protocol'
import { LIVE_STATE, type LiveAnswer, type LiveQuestion, type LiveWork } from '../spectra/live-worker'

/** Opens a spectral worker: a thread of this process that `serveSpectra` runs in. */
export type OpenSpectralWorker = (work: LiveWork) => Worker

export interface LiveSpectraParts {
  readonly session: NetworkSession
  readonly layers: readonly LiveLayer[]
  readonly settings: Training['spectra']
  /** Of the whole run, and of an epoch. */
  readonly steps: number
  readonly stepsPerEpoch: number
  readonly open: OpenSpectralWorker
  readonly emit: (event: TrainingEvent) => void
}

/** At a run's end the looks that are still to come get this long, with all of the processor. */
const LAST_MS = 20_000
const LAST_LOOK_MS = 10
/** Of its share: with less a larger one would change nothing. */
const LITTLE = 0.5

/** One look that is at work. */
interface Look {
  readonly step: number
  readonly began: number
  /** Looks that were left out since the one before. */
  readonly skipped: number
}

/**
 * A run's spectra while it trains. The step's kernels are copied and handed to a worker thread; the trainer goes on at once. There is one look
 * at a time: what falls due meanwhile is left out and counted, so nothing waits in line and no answer is of long ago.
 *
 * Nothing of the run's numbers depends on it: it reads kernels and draws nothing.
 */
export class LiveSpectra {
  private worker: Worker | undefined
  private readonly state = new Int32Array(new SharedArrayBuffer(4))
  private readonly every: number
  private look: Look | undefined
  /** Since the last look began, and in all. */
  private skipped = 0
  private skippedInAll = 0
  /** Of all answers: processor time, and time at work, milliseconds. */
  private readonly taken = { cpuMs: 0, wallMs: 0 }
  private looks = 0
  private last = -1
  private isOver = false
  /** When the training ended. */
  private endedAt = Infinity

  constructor(private readonly parts: LiveSpectraParts) {
    const { layers, settings, steps } = parts
    this.every = settings.every > 0 ? stepsBetween(settings.every, steps, layers.length) : 0
    if (this.every > settings.every)
      this.notice(
        0,
        `spectra are looked at every ${this.every} steps, as those of every ${settings.every} would take too much space`,
      )
  }

  /** Looks at the weights after a step, or those at the beginning (0), where it is due and the worker is free. */
  after(step: number): void {
    if (this.isOver || !this.isDue(step)) return
    if (!this.look) return this.begin(step)
    this.looks++
    this.skipped++
    this.skippedInAll++
  }

  pause(): void {
    this.say(LIVE_STATE.pause)
  }

  resume(): void {
    this.say(LIVE_STATE.run)
  }

  /** Waits for what is at work, now that nothing trains, and looks at the last weights. @param isCalledOff Asked now and then. */
  async finish(step: number, isCalledOff: () => boolean): Promise<void> {
    if (this.isOver) return
    this.say(LIVE_STATE.hurry)
    this.endedAt = performance.now()
    const until = performance.now() + LAST_MS
    const isAtWork = (): boolean => this.look !== undefined && performance.now() < until && !isCalledOff()
    while (isAtWork()) await delay(LAST_LOOK_MS)
    if (!this.look && this.last !== step && !isCalledOff()) this.begin(step)
    while (isAtWork()) await delay(LAST_LOOK_MS)
    this.close(step)
  }

  /** Ends the worker at once. What is at work is left out. */
  close(step: number): void {
    if (this.isOver) return
    if (this.look) this.skippedInAll++
    this.end()
    if (this.skippedInAll > 0)
      this.notice(
        step,
        `${this.skippedInAll} of ${this.looks} looks at the spectra were left out, as their thread was busy with the one before; ${this.advice()}`,
      )
  }

  /** What lets more looks through: a thread that hardly got what it may take was held up by others. */
  private advice(): string {
    return shareTaken([this.taken]) < LITTLE * this.parts.settings.share
      ? 'look less often or at fewer layers: the processor had other work, or the run was short'
      : 'look less often, at fewer layers, or give it a larger share (spectra.share)'
  }

  private isDue(step: number): boolean {
    const { settings, steps, stepsPerEpoch } = this.parts
    // The last one's turn comes when the training has ended.
    if (step === 0 || step === steps) return step === 0
    return (this.every > 0 && step % this.every === 0) || (settings.epochs > 0 && step % (settings.epochs * stepsPerEpoch) === 0)
  }

  private begin(step: number): void {
    this.worker ??= this.open()
    // A copy of its own: what TensorFlow gave belongs to TensorFlow.
    const kernels = new Float32Array(this.parts.session.snapshot())
    this.last = step
    this.looks++
    this.look = { step, began: performance.now(), skipped: this.skipped }
    this.skipped = 0
    const question: LiveQuestion = { kernels }
    this.worker.postMessage(question, [kernels.buffer])
  }

  /** One thread: while it is at work each operation of the trainer waits for it, on however many processors, so that its time is what a step loses. */
  private open(): Worker {
    const { layers, settings, open } = this.parts
    const { buffer } = this.state
    const worker = open({ layers, share: settings.share, delta: settings.delta, state: buffer as SharedArrayBuffer })
    worker.on('message', (answer: LiveAnswer) => this.take(answer))
    worker.on('error', (error) => this.fail(error.message))
    worker.on('exit', () => this.fail('its thread ended by itself'))
    // A run that is over does not wait for it.
    worker.unref()
    return worker
  }

  private take({ values, cpuMs }: LiveAnswer): void {
    const { look } = this
    if (!look || this.isOver) return
    const { step, began, skipped } = look
    const wallMs = Math.max(0, Math.min(performance.now(), this.endedAt) - began)
    this.taken.cpuMs += cpuMs
    this.taken.wallMs += wallMs
    this.parts.emit({ type: 'spectra', record: { step, skipped, cpuMs, wallMs, values } })
    this.look = undefined
  }

  private fail(reason: string): void {
    if (this.isOver) return
    const step = this.look?.step ?? Math.max(0, this.last)
    this.end()
    this.notice(step, `the run goes on without spectra: ${reason}`)
  }

  private end(): void {
    this.isOver = true
    this.look = undefined
    this.say(LIVE_STATE.stop)
    // One that rests or waits hears it; one within TensorFlow when it is back. Ended by force it could leave a session behind.
    this.worker?.postMessage(null)
  }

  private say(word: (typeof LIVE_STATE)[keyof typeof LIVE_STATE]): void {
    Atomics.store(this.state, 0, word)
    Atomics.notify(this.state, 0)
  }

  private notice(step: number, message: string): void {
    this.parts.emit({ type: 'notice', step, message })
  }
}
