import { sampleBytes, type Split } from './dataset'

/** Per channel, of pixel values in 0–1; of vectors per feature, in the features' own unit. */
export interface ChannelStatistics {
  readonly mean: readonly number[]
  /** Population standard deviation. */
  readonly std: readonly number[]
}

/**
 * Mean and standard deviation of each channel over all images of a split: exact, from whole-number counts of the 256 levels; of vectors
 * in double precision.
 */
export function channelStatistics(split: Split): ChannelStatistics {
  if (split.isVector) return featureStatistics(split)
  const channels = split.shape[2]
  const image = new Uint8Array(sampleBytes(split))
  const counts = Array.from({ length: channels }, () => new Float64Array(256))
  for (let index = 0; index < split.length; index++) {
    split.read(index, image, 0)
    for (let channel = 0; channel < channels; channel++) {
      const levels = counts[channel]!
      for (let i = channel; i < image.length; i += channels) levels[image[i]!]!++
    }
  }
  return statisticsOfLevels(counts)
}

/** From how often each of the 256 levels stands in each channel. Exact: the counts are whole numbers. */
export function statisticsOfLevels(counts: readonly ArrayLike<number>[]): ChannelStatistics {
  const moments = counts.map((levels) => {
    const all = Array.from(levels)
    const pixels = all.reduce((sum, count) => sum + count, 0)
    const mean = all.reduce((sum, count, level) => sum + count * level, 0) / pixels
    const variance = all.reduce((sum, count, level) => sum + count * (level - mean) ** 2, 0) / pixels
    return { mean: mean / 255, std: Math.sqrt(variance) / 255 }
  })
  return { mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) }
}

function featureStatistics(split: Split): ChannelStatistics {
  const moments = new FeatureMoments(split.shape[2])
  const bytes = new Uint8Array(sampleBytes(split))
  const features = new Float32Array(bytes.buffer)
  for (let index = 0; index < split.length; index++) {
    split.read(index, bytes, 0)
    moments.add(features)
  }
  return moments.statistics()
}

/** Mean and deviation of each feature, vector by vector, without loss where the mean is far from 0 (Welford 1962). */
export class FeatureMoments {
  private count = 0
  private readonly mean: Float64Array
  private readonly squares: Float64Array

  constructor(features: number) {
    this.mean = new Float64Array(features)
    this.squares = new Float64Array(features)
  }

  /** @param vectors One or several, one behind the other. */
  add(vectors: Float32Array): void {
    const { mean, squares } = this
    for (let at = 0; at < vectors.length; at += mean.length) {
      this.count++
      for (let j = 0; j < mean.length; j++) {
        const apart = vectors[at + j]! - mean[j]!
        mean[j]! += apart / this.count
        squares[j]! += apart * (vectors[at + j]! - mean[j]!)
      }
    }
  }

  statistics(): ChannelStatistics {
    return { mean: [...this.mean], std: Array.from(this.squares, (sum) => Math.sqrt(sum / Math.max(1, this.count))) }
  }
}
