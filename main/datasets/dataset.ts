import type { DatasetSummary } from '../../shared/api'
import { UserError } from '../../shared/errors'

/** Images and labels of one split. The pixels may be stored or drawn when they are asked for. */
export interface Split {
  readonly name: 'train' | 'test'
  /** Images. */
  readonly length: number
  /** Height, width, channels. */
  readonly shape: readonly [height: number, width: number, channels: number]
  /** The class of each image, an index into the summary's classes. */
  readonly labels: Int32Array
  /** Writes the pixels of one image, height × width × channels values of 0–255, to `target` from `offset` on. */
  read(index: number, target: Uint8Array, offset: number): void
}

/** How many images to take of each split; all (a procedural set: its usual number) where absent. */
export interface SplitSizes {
  readonly train?: number | undefined
  readonly test?: number | undefined
}

export interface Splits {
  readonly train: Split
  readonly test: Split
}

export interface Dataset {
  readonly summary: DatasetSummary
  /**
   * @param seed Of the set, not of the run: runs that are compared see the same images. Sets that are not procedural have none.
   * @throws UserError where a split has fewer images than asked.
   */
  open(sizes: SplitSizes, seed?: number): Splits
}

/** The number of images that one split gives. @throws UserError where more are asked than a set that is not procedural has. */
export function splitSize(summary: DatasetSummary, name: 'train' | 'test', asked: number | undefined): number {
  const own = summary.splits.find((split) => split.name === name)?.images ?? 0
  const length = asked ?? own
  const place = `data set "${summary.name}", ${name} split`
  if (own === 0 && !summary.procedural)
    throw new UserError(`it has no ${name} split`, { place: `data set "${summary.name}"`, remedy: 'a run needs train and test' })
  if (!Number.isSafeInteger(length) || length < 1)
    throw new UserError(`${length} images make no split`, { place, remedy: 'ask for a whole number from 1 up' })
  if (length > own && !summary.procedural)
    throw new UserError(`${length} images were asked for, there are ${own}`, { place, remedy: `ask for at most ${own}` })
  return length
}

/** A split whose pixels are all in memory: `images` is [N, H, W, C], 0–255. */
export function storedSplit(name: 'train' | 'test', shape: Split['shape'], images: Uint8Array, labels: Int32Array): Split {
  const pixels = shape[0] * shape[1] * shape[2]
  return {
    name,
    length: labels.length,
    shape,
    labels,
    read: (index, target, offset) => target.set(images.subarray(index * pixels, (index + 1) * pixels), offset),
  }
}
