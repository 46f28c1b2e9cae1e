import { Worker } from 'node:worker_threads'
import type { BatchSampler, SamplerPosition } from '../../datasets/batches'
import type { ChannelStatistics } from '../../datasets/statistics'
import type { WireError } from '../protocol'
import { fromWire } from '../wire-error'
import { BatchRing, type BatchSize } from './ring'
import type { BatchPlan, BatchSource, GivenBatch } from './source'

/** What the thread is given. */
export interface BatchThreadData extends BatchPlan {
  readonly size: BatchSize
  readonly memory: SharedArrayBuffer
}

/** Where the thread shall begin. */
export interface BatchThreadStart {
  readonly from: SamplerPosition | undefined
  readonly done: number
  readonly steps: number
}

/** What the thread tells. */
export type BatchThreadWord =
  | { readonly type: 'statistics'; readonly statistics: ChannelStatistics | null }
  | { readonly type: 'failed'; readonly error: WireError }

/** Between two looks at what else has happened while a batch is waited for, milliseconds. */
const LOOK_MS = 20

/**
 * Batches that a thread of their own prepares while the steps before them go on: it reads and standardises what `BatchesInStep` would, in the
 * same order and with the same random numbers, a few steps ahead.
 */
export class BatchesAhead implements BatchSource {
  private readonly ring: BatchRing
  private readonly thread: Worker
  private readonly found: Promise<ChannelStatistics | null>
  private failure: Error | undefined
  private isHeld = false

  /**
   * @param sampler Goes along with what is taken, so that a checkpoint is of the steps that are done.
   * @param file The thread's program.
   */
  constructor(
    plan: BatchPlan,
    size: BatchSize,
    private readonly sampler: BatchSampler,
    file: string,
  ) {
    this.ring = new BatchRing(size)
    const workerData: BatchThreadData = { ...plan, size, memory: this.ring.memory }
    this.thread = new Worker(file, { workerData })
    this.found = new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.failure ??= error
        reject(this.failure)
      }
      this.thread.on('message', (word: BatchThreadWord) => {
        if (word.type === 'statistics') resolve(word.statistics)
        else fail(fromWire(word.error))
      })
      this.thread.on('error', fail)
      this.thread.on('exit', (code) => {
        if (code !== 0) fail(new Error(`the thread that prepares batches ended by itself (exit code ${code})`))
      })
    })
    // Whoever takes a batch hears of it too.
    this.found.catch(() => undefined)
  }

  statistics(): Promise<ChannelStatistics | null> {
    return this.found
  }

  begin(from: SamplerPosition | undefined, done: number, steps: number): void {
    if (from) this.sampler.restore(from)
    const start: BatchThreadStart = { from, done, steps }
    this.thread.postMessage(start)
  }

  async next(stops: () => boolean): Promise<GivenBatch | undefined> {
    const began = performance.now()
    if (this.isHeld) this.ring.release()
    this.isHeld = false
    for (;;) {
      const place = this.ring.take(LOOK_MS)
      if (place) {
        this.isHeld = true
        this.sampler.next()
        return { ...place, waitedMs: performance.now() - began }
      }
      // What the thread says, and what the lab says, comes in between.
      await new Promise((resolve) => setImmediate(resolve))
      if (this.failure) throw this.failure
      if (stops()) return undefined
    }
  }

  position(): SamplerPosition {
    return this.sampler.save()
  }

  close(): void {
    this.ring.close()
    void this.thread.terminate()
  }
}
