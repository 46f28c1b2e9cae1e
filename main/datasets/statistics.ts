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
  const pixels = split.length * height * width
  const mean = counts.map((levels) => levels.reduce((sum, count, level) => sum + count * level, 0) / pixels)
  const variance = counts.map(
    (levels, channel) => levels.reduce((sum, count, level) => sum + count * (level - mean[channel]!) ** 2, 0) / pixels,
  )
  return { mean: mean.map((value) => value / 255), std: variance.map((value) => Math.sqrt(value) / 255) }
}
