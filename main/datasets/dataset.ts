import type { DatasetSummary } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { ChannelStatistics } from './statistics'

/** What one image or vector of a set is. */
export interface Sample {
  /** Height, width, channels; of a vector 1, 1 and its features. */
  readonly shape: readonly [height: number, width: number, channels: number]
  /** A vector's features are floats of single precision, an image's values bytes. */
  readonly isVector?: true
}

/** Bytes of one image, or of one vector's little-endian floats. */
export const sampleBytes = ({ shape, isVector }: Sample): number => shape[0] * shape[1] * shape[2] * (isVector ? 4 : 1)

/** What a set's images or vectors are. */
export const sampleOf = ({ shape, vectors }: Pick<DatasetSummary, 'shape' | 'vectors'>): Sample => ({
  shape: shape as [number, number, number],
  ...(vectors && { isVector: true }),
})

/** Images, or vectors, and labels of one split. The pixels may be stored or drawn when they are asked for. */
export interface Split extends Sample {
  readonly name: string
  /** Images. */
  readonly length: number
  /** The class of each image, an index into the summary's classes. */
  readonly labels: Int32Array
  /** Where each of its images lies in the set's own split, from 0; absent where that is its index here. */
  readonly places?: Uint32Array
  /** Mean and deviation of each channel over all its images, where they are known without looking at them. */
  readonly statistics?: ChannelStatistics
  /**
   * Writes the pixels of one image, height × width × channels values of 0–255, to `target` from `offset` on; of a vector its features as
   * little-endian floats.
   */
  read(index: number, target: Uint8Array, offset: number): void
}

/** A split that somebody opened and has to close. */
export interface OpenSplit extends Split {
  close(): void
}

export interface SplitChoice {
  /** How many images to take; all (of a procedural set: its usual number) where absent. */
  readonly images?: number | undefined
  /** Of the set, not of the run: runs that are compared see the same images. Sets that are not procedural have none. */
  readonly seed?: number | undefined
}

export interface Dataset {
  readonly summary: DatasetSummary
  /** @throws UserError where there is no split of this name, or it has fewer images than asked. */
  openSplit(name: string, choice?: SplitChoice): OpenSplit
}

/** Something that is read from memory or drawn has nothing to close. */
export function withoutClosing(split: Split): OpenSplit {
  return { ...split, close: () => undefined }
}

function noSplit({ name, splits }: DatasetSummary, wanted: string): UserError {
  return new UserError(`it has no split "${wanted}"`, {
    place: `data set "${name}"`,
    remedy: `it has ${splits.map((split) => split.name).join(' and ')}`,
  })
}

/** @throws UserError where a set of vectors is asked for what only images have. @param what `cannot be mirrored or cropped`. */
export function refuseVectors({ isVector }: Sample, what: string, place: string): void {
  if (!isVector) return
  throw new UserError(`its vectors ${what}: only images have rows and columns`, { place, remedy: 'leave that out for this set' })
}

/** The number of images that one split gives. @throws UserError where it is not there, or more are asked than a set that is not procedural has. */
export function splitSize(summary: DatasetSummary, name: string, asked: number | undefined): number {
  const known = summary.splits.find((split) => split.name === name)
  if (!known) throw noSplit(summary, name)
  const own = known.images
  const length = asked ?? own
  const place = `data set "${summary.name}", ${name} split`
  if (!Number.isSafeInteger(length) || length < 1)
    throw new UserError(`${length} images make no split`, { place, remedy: 'ask for a whole number from 1 up' })
  if (length > own && !summary.procedural)
    throw new UserError(`${length} images were asked for, there are ${own}`, { place, remedy: `ask for at most ${own}` })
  return length
}

/** A split whose pixels are all in memory: `images` is [N, H, W, C], 0–255. */
export function storedSplit(name: string, shape: Split['shape'], images: Uint8Array, labels: Int32Array): Split {
  const pixels = shape[0] * shape[1] * shape[2]
  return {
    name,
    length: labels.length,
    shape,
    labels,
    read: (index, target, offset) => target.set(images.subarray(index * pixels, (index + 1) * pixels), offset),
  }
}
