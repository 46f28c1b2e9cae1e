import { countWords } from '../../../shared/count-words'
import type { CheckName, Finding, FoundImage, ImageRef } from '../../../shared/datasets/checks'
import type { CopyGroups } from './copies/groups'
import { type CheckedImages, splitOf } from './images'

/** What a check is given. */
export interface CheckContext {
  readonly images: CheckedImages
  /** What the import told. */
  readonly remarks: readonly string[]
  /** The copies among the images, complete when `end` is called. */
  readonly copies: CopyGroups
}

/** One check of a set, going on. */
export interface RunningCheck {
  /** Sees each image once, in order. */
  see?(image: number, pixels: Uint8Array): void
  /** After the last image. */
  end(): Omit<Finding, 'check'>
}

/** All but the one that trains nets, which is the engine's. */
export type ImageCheckName = Exclude<CheckName, 'label-errors'>

/** A check: a file, and a line in index.ts. What it is for people is declared in shared/datasets/checks.ts. */
export interface Check {
  readonly name: ImageCheckName
  /** Whether it asks for copies, and for which. */
  readonly copies?: 'exact' | 'near'
  /** Has nothing to say of vectors. */
  readonly isOfPictures?: true
  begin(context: CheckContext): RunningCheck
}

/** Images that a finding tells one by one. */
export const MOST_IMAGES = 10_000
/** Pairs that a finding tells one by one. */
export const MOST_PAIRS = 100_000

export function imageRef({ splits, labels }: CheckedImages, image: number): ImageRef {
  const { name, first } = splits[splitOf(splits, image)]!
  return { split: name, index: image - first, label: labels[image]! }
}

/** A finding of images with what was measured of each, the least first. */
export function foundImages(
  images: CheckedImages,
  found: readonly { image: number; value: number }[],
  words: string,
): Omit<Finding, 'check'> {
  const told: FoundImage[] = [...found]
    .sort((a, b) => a.value - b.value || a.image - b.image)
    .slice(0, MOST_IMAGES)
    .map(({ image, value }) => ({ ...imageRef(images, image), value }))
  return {
    count: found.length,
    sentence: `${found.length === 0 ? 'No image' : countWords(found.length, 'image')} ${words}`,
    images: told,
    pairs: [],
    counts: [],
  }
}
