import type { Catalogue } from '../catalogue'
import { sampleOf } from '../dataset'
import type { Shape } from './copies/reduce'

/** A split among the images of a set that are checked: `first` is the number of its first image among all. */
export interface CheckedSplit {
  readonly name: string
  readonly first: number
  readonly length: number
}

/** All images of a set, split after split, numbered through. One owner, who closes them. */
export interface CheckedImages {
  readonly splits: readonly CheckedSplit[]
  readonly classes: readonly string[]
  readonly shape: Shape
  readonly isVector?: true
  readonly length: number
  /** The class of each image. */
  readonly labels: Int32Array
  /** Writes the pixels of one image, [height, width, channels], 0–255, to the beginning of `target`. */
  read(image: number, target: Uint8Array): void
  close(): void
}

/** @throws UserError where there is no such set, or its file cannot be read. */
export function openImages(catalogue: Catalogue, name: string): CheckedImages {
  const summary = catalogue.describe(name)
  const open = summary.splits.filter(({ images }) => images > 0).map((split) => catalogue.openSplit(name, split.name))
  let length = 0
  const splits = open.map((split) => {
    const first = length
    length += split.length
    return { name: split.name, first, length: split.length }
  })
  const labels = new Int32Array(length)
  open.forEach((split, i) => labels.set(split.labels, splits[i]!.first))
  return {
    splits,
    classes: summary.classes,
    ...sampleOf(summary),
    length,
    labels,
    read(image, target) {
      const at = splitOf(splits, image)
      open[at]!.read(image - splits[at]!.first, target, 0)
    },
    close: () => open.forEach((split) => split.close()),
  }
}

/** What one of them is called. */
export const thingOf = ({ isVector }: Pick<CheckedImages, 'isVector'>): 'image' | 'vector' => (isVector ? 'vector' : 'image')

/** The place among the splits of the one that an image is of. */
export function splitOf(splits: readonly CheckedSplit[], image: number): number {
  let at = splits.length - 1
  while (splits[at]!.first > image) at--
  return at
}
