import type { Split } from './dataset'

/** Per channel, of pixel values in 0–1. */
export interface ChannelStatistics {
  readonly mean: readonly number[]
  /** Population standard deviation. */
  readonly std: readonly number[]
}

/** Mean and standard deviation of each channel over all images of a split: exact, from whole-number counts of the 256 levels. */
export function channelStatistics(split: Split): ChannelStatistics {
  const [height, width, channels] = split.shape
  const image = new Uint8Array(height * width * channels)
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
