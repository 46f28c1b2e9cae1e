import path from 'node:path'
import type { DatasetSummary } from '../../../shared/api'
import { SafetensorsReader } from '../../formats/safetensors'
import type { Catalogue } from '../catalogue'
import { IMAGES_FILE } from '../imported/about'
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
  return summary.hash === undefined ? builtIn(catalogue, summary) : packed(catalogue.folderOf(name), summary)
}

function builtIn(catalogue: Catalogue, summary: DatasetSummary): CheckedImages {
  const { train, test } = catalogue.open({ name: summary.name })
  return gathered(
    summary,
    [train, test].map(({ name, length, labels, read }) => ({ name, length, labels, read: (index, target) => read(index, target, 0) })),
    () => undefined,
  )
}

function packed(folder: string, summary: DatasetSummary): CheckedImages {
  const file = SafetensorsReader.open(path.join(folder, IMAGES_FILE), `data set "${summary.name}"`)
  const bytes = summary.shape.reduce((product, side) => product * side, 1)
  return gathered(
    summary,
    summary.splits.map(({ name, images }) => ({
      name,
      length: images,
      labels: file.readIntegers(`${name}/labels`),
      read: (index, target) => file.readSlice(`${name}/images`, index * bytes, target, 0, bytes),
    })),
    () => file.close(),
  )
}

interface Part {
  readonly name: string
  readonly length: number
  readonly labels: Int32Array
  readonly read: (index: number, target: Uint8Array) => void
}

function gathered(summary: DatasetSummary, parts: readonly Part[], close: () => void): CheckedImages {
  let length = 0
  const splits = parts.map((part) => {
    const first = length
    length += part.length
    return { name: part.name, first, length: part.length }
  })
  const labels = new Int32Array(length)
  parts.forEach((part, i) => labels.set(part.labels, splits[i]!.first))
  return {
    splits,
    classes: summary.classes,
    shape: summary.shape as [number, number, number],
    length,
    labels,
    read(image, target) {
      const at = splitOf(splits, image)
      parts[at]!.read(image - splits[at]!.first, target)
    },
    close,
  }
}

/** The place among the splits of the one that an image is of. */
export function splitOf(splits: readonly CheckedSplit[], image: number): number {
  let at = splits.length - 1
  while (splits[at]!.first > image) at--
  return at
}
