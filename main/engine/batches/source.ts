import { elements } from '../../../shared/ops/op'
import type { Configuration } from '../../../shared/configuration'
import { BatchFiller, type BatchSampler, type SamplerPosition } from '../../datasets/batches'
import type { OpenDataset } from '../../datasets/catalogue'
import { standardisationOf } from '../../datasets/standardisation'
import type { ChannelStatistics } from '../../datasets/statistics'
import { AUGMENTATION_STREAM, drawsOf } from '../training/draws'
import { BatchesAhead } from './ahead'
import type { BatchPlace } from './ring'

/** A batch, and how long the step had to wait for it. */
export interface GivenBatch extends BatchPlace {
  /** Milliseconds. */
  readonly waitedMs: number
}

/** The batches of one run, in the order of its steps. One owner, who closes it. */
export interface BatchSource {
  /** What the pixels are standardised by; null for nothing. @throws UserError where the images cannot be read. */
  statistics(): Promise<ChannelStatistics | null>
  /**
   * Goes to the step after which the run goes on; called once, before the first batch.
   *
   * @param from Of the sampler after that step; undefined for a run that begins.
   * @param done Steps that are done.
   * @param steps Of the whole run: no batch is prepared beyond.
   */
  begin(from: SamplerPosition | undefined, done: number, steps: number): void
  /**
   * The next step's batch, valid until the next one is asked for.
   *
   * @param stops Asked while there is none yet.
   * @returns undefined where that said so.
   * @throws UserError where the images cannot be read.
   */
  next(stops: () => boolean): Promise<GivenBatch | undefined>
  /** Where the sampler is after the batch that was given last. */
  position(): SamplerPosition
  close(): void
}

/** What decides a run's batches. */
export interface BatchPlan {
  readonly configuration: Configuration
  /** Where imported data sets lie. */
  readonly dataFolder: string
}

/** Numbers of a batch from which on a thread is worth its while: below, filling one takes a fraction of a millisecond. */
const LEAST_AHEAD = 2 ** 15

/**
 * @param data The open set, which the batches are of.
 * @param thread The bundled `batch-thread.js`.
 */
export function openBatches(plan: BatchPlan, data: OpenDataset, sampler: BatchSampler, thread: string): BatchSource {
  const { batch } = plan.configuration.training
  const pixels = elements(data.train.shape)
  return batch * pixels < LEAST_AHEAD
    ? new BatchesInStep(plan.configuration, data, sampler)
    : new BatchesAhead(plan, { batch, pixels }, sampler, thread)
}

/** Fills each batch when its step asks for it. */
export class BatchesInStep implements BatchSource {
  private readonly place: BatchPlace
  private readonly known: ChannelStatistics | null
  private readonly filler: BatchFiller
  private step = 0

  constructor(
    private readonly configuration: Configuration,
    private readonly data: OpenDataset,
    private readonly sampler: BatchSampler,
  ) {
    const { batch, standardisation, augmentation } = configuration.training
    const { shape } = data.train
    this.place = {
      images: new Float32Array(batch * elements(shape)),
      labels: new Int32Array(batch),
    }
    this.known = standardisationOf(data.summary, data.train, standardisation)
    this.filler = new BatchFiller(data.train, this.known, augmentation)
  }

  statistics(): Promise<ChannelStatistics | null> {
    return Promise.resolve(this.known)
  }

  begin(from: SamplerPosition | undefined, done: number): void {
    if (from) this.sampler.restore(from)
    this.step = done
  }

  next(): Promise<GivenBatch> {
    const began = performance.now()
    const { images, labels } = this.place
    const draws = drawsOf(this.configuration.seed, AUGMENTATION_STREAM, ++this.step)
    this.filler.fill(this.data.train, this.sampler.next(), images, labels, draws)
    return Promise.resolve({ images, labels, waitedMs: performance.now() - began })
  }

  position(): SamplerPosition {
    return this.sampler.save()
  }

  close(): void {
    // Nothing is open.
  }
}
