import os from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import type { Training } from '../../../shared/configuration'
import { LIVE_VALUES, type LiveLayer, stepsBetween } from '../../../shared/spectra/live'
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
/** More threads than this have little more to share out. */
const MOST_WORKERS = 8

/** One look that is at work. */
interface Look {
  readonly step: number
  readonly began: number
  readonly values: Float32Array<ArrayBuffer>
  /** Workers that have not answered. */
  open: number
  cpuMs: number
}

/**
 * A run's spectra while it trains. The step's kernels are copied and handed to worker threads; the trainer goes on at once. There is one look
 * at a time: what falls due meanwhile is left out and counted, so nothing waits in line and no answer is of long ago.
 *
 * Nothing of the run's numbers depends on it: it reads kernels and draws nothing.
 */
export class LiveSpectra {
  private readonly workers: { readonly thread: Worker; readonly layers: readonly number[] }[] = []
  private readonly state = new Int32Array(new SharedArrayBuffer(4))
  private readonly every: number
  /** Where each layer's kernel begins in a snapshot, and one more for the end. */
  private readonly offsets: readonly number[]
  private look: Look | undefined
  /** Since the last answer, and in all. */
  private skipped = 0
  private skippedInAll = 0
  private looks = 0
  private last = -1
  private isOver = false

  constructor(private readonly parts: LiveSpectraParts) {
    const { layers, settings, steps, session } = parts
    this.every = settings.every > 0 ? stepsBetween(settings.every, steps, layers.length) : 0
    if (this.every > settings.every)
      this.notice(
        0,
        `spectra are looked at every ${this.every} steps, as those of every ${settings.every} would take too much space`,
      )
    let offset = 0
    this.offsets = [...session.graph.looked.map(({ length }) => (offset += length) - length), offset]
  }

  /** Looks at the weights after a step, or those at the beginning (0), where it is due and the workers are free. */
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
    const until = performance.now() + LAST_MS
    const isAtWork = (): boolean => this.look !== undefined && performance.now() < until && !isCalledOff()
    while (isAtWork()) await delay(LAST_LOOK_MS)
    if (!this.look && this.last !== step && !isCalledOff()) this.begin(step)
    while (isAtWork()) await delay(LAST_LOOK_MS)
    this.close(step)
  }

  /** Ends the workers at once. What is at work is left out. */
  close(step: number): void {
    if (this.isOver) return
    if (this.look) this.skippedInAll++
    this.end()
    if (this.skippedInAll > 0)
      this.notice(
        step,
        `${this.skippedInAll} of ${this.looks} looks at the spectra were left out, as the workers were busy with the one before; ` +
          'look less often, at fewer layers, or give them a larger share (spectra.share)',
      )
  }

  private isDue(step: number): boolean {
    const { settings, steps, stepsPerEpoch } = this.parts
    // The last one's turn comes when the training has ended.
    if (step === 0 || step === steps) return step === 0
    return (this.every > 0 && step % this.every === 0) || (settings.epochs > 0 && step % (settings.epochs * stepsPerEpoch) === 0)
  }

  private begin(step: number): void {
    const { session, layers } = this.parts
    if (this.workers.length === 0) this.open()
    const kernels = session.snapshot()
    this.last = step
    this.looks++
    this.look = {
      ...{ step, began: performance.now(), open: this.workers.length, cpuMs: 0 },
      values: new Float32Array(layers.length * LIVE_VALUES),
    }
    for (const { thread, layers: own } of this.workers) {
      const sizes = own.map((layer) => this.offsets[layer + 1]! - this.offsets[layer]!)
      const part = new Float32Array(sizes.reduce((sum, size) => sum + size, 0))
      let at = 0
      own.forEach((layer, i) => {
        part.set(kernels.subarray(this.offsets[layer], this.offsets[layer + 1]), at)
        at += sizes[i]!
      })
      const question: LiveQuestion = { kernels: part }
      thread.postMessage(question, [part.buffer as ArrayBuffer])
    }
  }

  /** As many threads as the share is processors, at least one; each has its own layers. */
  private open(): void {
    const { layers, settings, open } = this.parts
    const processors = settings.share * os.cpus().length
    const count = Math.max(1, Math.min(MOST_WORKERS, Math.floor(processors), layers.length))
    for (let i = 0; i < count; i++) {
      // Neighbours are alike: taken in turn, they are shared out evenly.
      const own = layers.flatMap((_, layer) => (layer % count === i ? [layer] : []))
      const { buffer } = this.state
      const thread = open({
        layers: own.map((layer) => layers[layer]!),
        ...{ share: processors / count, delta: settings.delta, state: buffer as SharedArrayBuffer },
      })
      thread.on('message', (answer: LiveAnswer) => this.take(own, answer))
      thread.on('error', (error) => this.fail(error.message))
      thread.on('exit', () => this.fail('a thread ended by itself'))
      // A run that is over does not wait for them.
      thread.unref()
      this.workers.push({ thread, layers: own })
    }
  }

  private take(layers: readonly number[], { values, cpuMs }: LiveAnswer): void {
    const { look } = this
    if (!look || this.isOver) return
    layers.forEach((layer, i) => look.values.set(values.subarray(i * LIVE_VALUES, (i + 1) * LIVE_VALUES), layer * LIVE_VALUES))
    look.cpuMs += cpuMs
    if (--look.open > 0) return
    const { step, began } = look
    const record = { step, skipped: this.skipped, cpuMs: look.cpuMs, wallMs: performance.now() - began, values: look.values }
    this.parts.emit({ type: 'spectra', record })
    this.skipped = 0
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
    for (const { thread } of this.workers) thread.postMessage(null)
  }

  private say(word: (typeof LIVE_STATE)[keyof typeof LIVE_STATE]): void {
    Atomics.store(this.state, 0, word)
    Atomics.notify(this.state, 0)
  }

  private notice(step: number, message: string): void {
    this.parts.emit({ type: 'notice', step, message })
  }
}
