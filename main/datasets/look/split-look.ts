import type { SplitLook } from '../../../shared/api'
import type { Split } from '../dataset'

/** Milliseconds of work between two turns of others. */
const TURN_MS = 12

/**
 * Goes through all pixels of a split: how often each level stands in each channel, and the mean of all images.
 *
 * @param tell Hears of images that are done; false ends the work.
 * @returns null where it was ended.
 */
export async function splitLook(split: Split, tell: (done: number) => boolean): Promise<SplitLook | null> {
  const [height, width, channels] = split.shape
  const image = new Uint8Array(height * width * channels)
  const sums = new Float64Array(image.length)
  const levels = Array.from({ length: channels }, () => new Float64Array(256))
  let turn = performance.now()
  for (let index = 0; index < split.length; index++) {
    split.read(index, image, 0)
    for (let channel = 0; channel < channels; channel++) {
      const counts = levels[channel]!
      for (let i = channel; i < image.length; i += channels) {
        const level = image[i]!
        counts[level]!++
        sums[i]! += level
      }
    }
    if (performance.now() - turn < TURN_MS) continue
    if (!tell(index + 1)) return null
    await new Promise((resolve) => setImmediate(resolve))
    turn = performance.now()
  }
  return {
    name: split.name,
    images: split.length,
    levels: levels.map((counts) => [...counts]),
    mean: Uint8Array.from(sums, (sum) => Math.round(sum / Math.max(1, split.length))),
  }
}
