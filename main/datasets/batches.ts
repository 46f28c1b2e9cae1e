import { Random } from '../../shared/random'
import { UserError } from '../../shared/errors'
import { type Augmentation, Window } from './augment'
import { type Sample, sampleBytes, type Split } from './dataset'
import type { ChannelStatistics } from './statistics'

/** Where a sampler is, as plain JSON. */
export interface SamplerPosition {
  /** Passes over the split that are complete. */
  readonly epoch: number
  /** Batches given in this epoch. */
  readonly step: number
  /** The generator's state before this epoch's shuffle. */
  readonly random: { readonly words: readonly number[]; readonly spare: number | null }
}

/** @throws UserError where the batch is larger than the split that it is drawn from. */
export function checkBatch(batch: number, length: number): void {
  if (batch > length)
    throw new UserError(`a batch of ${batch} is larger than the training split of ${length} images`, {
      place: 'batch',
      remedy: `use at most ${length}, or more images`,
    })
}

/**
 * Batches of image indices, every image at most once an epoch, in a new random order each epoch.
 * The images that are left over at an epoch's end, fewer than a batch, are dropped (others in each epoch).
 */
export class BatchSampler {
  readonly stepsPerEpoch: number
  private readonly random: Random
  private epochStart: SamplerPosition['random']
  private order: Uint32Array
  private epoch = 0
  private step = 0

  /**
   * @param length Images of the split.
   * @param batch Images of a batch.
   * @param seed The run's.
   * @throws UserError where the batch is larger than the split.
   */
  constructor(
    private readonly length: number,
    private readonly batch: number,
    seed: number,
  ) {
    checkBatch(batch, length)
    this.stepsPerEpoch = Math.floor(length / batch)
    this.random = new Random(seed, samplerStream)
    this.epochStart = this.random.save()
    this.order = this.random.permutation(length)
  }

  /** The next batch's indices into the split; valid until the next epoch begins. */
  next(): Uint32Array {
    if (this.step === this.stepsPerEpoch) {
      this.epoch++
      this.step = 0
      this.shuffle()
    }
    const start = this.step++ * this.batch
    return this.order.subarray(start, start + this.batch)
  }

  save(): SamplerPosition {
    return { epoch: this.epoch, step: this.step, random: this.epochStart }
  }

  /** Goes on exactly where `save` was called, in a sampler of the same length and batch. */
  restore(position: SamplerPosition): this {
    this.random.restore(position.random)
    this.epoch = position.epoch
    this.step = position.step
    this.shuffle()
    return this
  }

  private shuffle(): void {
    this.epochStart = this.random.save()
    this.order = this.random.permutation(this.length)
  }
}

/** Keeps the order of the images apart from the run's other random numbers. */
const samplerStream = 1

/** All indices of a split in order, in batches; the last may be smaller. */
export function* evaluationBatches(split: Pick<Split, 'length'>, batch: number): Generator<Uint32Array> {
  for (let start = 0; start < split.length; start += batch)
    yield Uint32Array.from({ length: Math.min(batch, split.length - start) }, (_, i) => start + i)
}

/**
 * Fills batches for the network: (value / 255 − mean) / std for each channel, or value / 255 without statistics; of vectors
 * (value − mean) / std for each feature, or the value. A channel of one value only becomes 0.
 */
export class BatchFiller {
  private readonly image: Uint8Array
  /** The standardised value of each level, [channels, 256]. */
  private readonly levels: Float32Array
  /** The features of the vector that `image` holds, and what is taken off each and divides it. */
  private readonly features: Float32Array
  private readonly statistics: ChannelStatistics | null
  private readonly window: Window | undefined

  /**
   * @param statistics Of the training split, for the test split too; null for none.
   * @param augmentation What `fill` does where it is given random numbers.
   */
  constructor(sample: Sample, statistics: ChannelStatistics | null, augmentation?: Augmentation) {
    const [height, width, channels] = sample.shape
    this.image = new Uint8Array(sampleBytes(sample))
    this.features = new Float32Array(this.image.buffer, 0, sample.isVector ? channels : 0)
    this.statistics = statistics
    const isNeeded = augmentation !== undefined && (augmentation.flip || augmentation.crop > 0)
    this.window = isNeeded ? new Window(augmentation, height, width) : undefined
    this.levels = new Float32Array(256 * channels)
    for (let channel = 0; channel < channels; channel++) {
      const mean = statistics?.mean[channel] ?? 0
      const std = statistics?.std[channel] || 1
      for (let level = 0; level < 256; level++) this.levels[256 * channel + level] = (level / 255 - mean) / std
    }
  }

  /**
   * @param images [batch, height, width, channels] or longer; only the images of `indices` are written.
   * @param labels [batch] or longer.
   * @param random Draws of the augmentation, for training images.
   */
  fill(split: Split, indices: ArrayLike<number>, images: Float32Array, labels: Int32Array, random?: Random): void {
    const { image, levels } = this
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!
      split.read(index, image, 0)
      labels[i] = split.labels[index]!
      if (split.isVector) {
        this.fillVector(images, i * this.features.length)
        continue
      }
      const start = i * image.length
      if (random && this.window) {
        this.window.draw(random)
        this.window.apply(image, levels, images, start)
      } else {
        for (let from = 0; from < image.length;)
          for (let table = 0; table < levels.length; table += 256, from++) images[start + from] = levels[table + image[from]!]!
      }
    }
  }

  private fillVector(target: Float32Array, start: number): void {
    const { features, statistics } = this
    for (let j = 0; j < features.length; j++) {
      const mean = statistics?.mean[j] ?? 0
      target[start + j] = (features[j]! - mean) / (statistics?.std[j] || 1)
    }
  }
}
