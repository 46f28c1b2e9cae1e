import type { z } from 'zod'
import { type DatasetLook, type datasetLookCalls, MOST_IMAGE_BYTES, type RequestReceived, type SplitLook } from '../../shared/api'
import type { DatasetName } from '../../shared/datasets/names'
import { UserError } from '../../shared/errors'
import { Pace } from '../../shared/job'
import { checkAugmentation } from '../datasets/augment'
import { BatchFiller } from '../datasets/batches'
import type { Catalogue } from '../datasets/catalogue'
import { type OpenSplit, refuseVectors, sampleOf } from '../datasets/dataset'
import { vectorsOf } from '../datasets/look/vectors'
import { keepLook, keptLook } from '../datasets/look/kept-look'
import { type Images, imagesOf, reducedSize } from '../datasets/look/reduced'
import { splitLook } from '../datasets/look/split-look'
import { standardisationOf } from '../datasets/standardisation'
import type { ChannelStatistics } from '../datasets/statistics'
import { AUGMENTATION_STREAM, drawsOf } from '../engine/training/draws'
import type { Handlers, JobControl } from './boundary'
import { inPageWords, pageSentence, sourceOf } from './chosen-sources'
import type { DatasetWorld } from './dataset-handlers'
import { nameOf } from './dataset-names'

/** All but what takes sets away and brings them back. */
export type DatasetLookHandlers = Pick<Handlers, Exclude<keyof typeof datasetLookCalls, 'datasets.restore'>>

/** Splits that stay open for the next question. */
const MOST_OPEN = 6

/** What the lab answers about what is in a data set, and about what a source would come to. */
export function datasetLooks({ catalogue, jobs, sources }: DatasetWorld): { handlers: DatasetLookHandlers; close(): void } {
  const open = new OpenSplits(catalogue)
  /** Of built-in sets, which have no folder. */
  const looks = new Map<string, DatasetLook>()

  const handlers: DatasetLookHandlers = {
    'datasets.choose': ({ files, temporary, purpose }) => sources.choose(files, temporary, purpose),
    'datasets.unchoose'({ chosen }) {
      sources.letGo(chosen)
      return {}
    },
    async 'datasets.recognise'({ source: file, chosen, name, choices }, control) {
      const source = sourceOf(sources, file, chosen)
      const found = await inPageWords(chosen, source, () => jobs.run('recognise-dataset', { source, choices }, control))
      const problem = chosen === undefined || found.problem === null ? found.problem : pageSentence(found.problem, source)
      return { ...found, problem, name: freeName(catalogue, name ?? suggested(source)) }
    },
    'datasets.labels'({ name, split }) {
      const { hash } = catalogue.describe(name)
      return { labels: open.get(name, split).labels, ...(hash !== undefined && { hash }) }
    },
    'datasets.images'({ name, split: splitName, indices, side }) {
      const split = open.get(name, splitName)
      refuseVectors(split, 'are no pictures', `data set "${name}"`)
      checkIndices(split, indices, name)
      const [height, width, channels] = split.shape
      const told = reducedSize(height, width, side)
      if (indices.length * told.height * told.width * channels > MOST_IMAGE_BYTES)
        throw new UserError(`${indices.length} images of ${height}×${width} are too much for one answer`, {
          place: `data set "${name}"`,
          remedy: 'ask for fewer at once, or for smaller ones',
        })
      return imagesOf(split, indices, side)
    },
    'datasets.vectors'({ name, split: splitName, first, every, count, features }) {
      const split = open.get(name, splitName)
      if (!split.isVector)
        throw new UserError('it holds images and no vectors', { place: `data set "${name}"`, remedy: 'ask for its images' })
      checkIndices(split, [first], name)
      return { values: vectorsOf(split, { first, every, count, features }) }
    },
    'datasets.augmented': (asked) => augmented(open, asked),
    async 'datasets.look'({ name }, control) {
      const { hash, ...summary } = catalogue.describe(name)
      refuseVectors(sampleOf(summary), 'have no levels to count', `data set "${name}"`)
      const folder = hash === undefined ? null : catalogue.folderOf(name)
      const known = folder === null ? looks.get(name) : keptLook(folder, hash!)
      if (known) return known
      const look = await wholeLook(catalogue, name, control)
      if (folder === null) looks.set(name, look)
      else keepLook(folder, hash!, look)
      return look
    },
  }
  return { handlers, close: () => open.close() }
}

/** The splits that were asked about last, open. */
class OpenSplits {
  private readonly splits = new Map<string, { readonly split: OpenSplit; statistics?: ChannelStatistics }>()

  constructor(private readonly catalogue: Catalogue) {}

  get(name: string, split: string): OpenSplit {
    return this.entry(name, split).split
  }

  /** What training standardises this split's images by: of its training split, or of itself where there is none. */
  statistics(name: string, split: string): ChannelStatistics {
    const summary = this.catalogue.describe(name)
    const of = summary.splits.some((one) => one.name === 'train') ? 'train' : split
    const entry = this.entry(name, of)
    entry.statistics ??= standardisationOf(summary, entry.split, 'channel')!
    return entry.statistics
  }

  close(): void {
    for (const { split } of this.splits.values()) split.close()
    this.splits.clear()
  }

  private entry(name: string, split: string): { readonly split: OpenSplit; statistics?: ChannelStatistics } {
    const key = JSON.stringify([name, split, this.catalogue.describe(name).hash ?? ''])
    const known = this.splits.get(key) ?? { split: this.catalogue.openSplit(name, split) }
    // The one that was asked about last is the last to go.
    this.splits.delete(key)
    this.splits.set(key, known)
    const [oldest] = this.splits.keys()
    if (this.splits.size > MOST_OPEN) {
      this.splits.get(oldest!)!.split.close()
      this.splits.delete(oldest!)
    }
    return known
  }
}

function checkIndices(split: OpenSplit, indices: readonly number[], name: string): void {
  const beyond = indices.find((index) => index >= split.length)
  if (beyond !== undefined)
    throw new UserError(`there is no image ${beyond}; its ${split.name} split has ${split.length}, from 0 on`, {
      place: `data set "${name}"`,
    })
}

/** By the very filler that training uses; what it standardised is turned back into levels, so that zero padding is the mean colour. */
function augmented(open: OpenSplits, asked: RequestReceived<'datasets.augmented'>): Images {
  const { name, split: splitName, index, augmentation, seed, draws } = asked
  const split = open.get(name, splitName)
  checkIndices(split, [index], name)
  refuseVectors(split, 'have no picture to augment', `data set "${name}"`)
  checkAugmentation(augmentation, split)
  const statistics = open.statistics(name, splitName)
  const filler = new BatchFiller(split, statistics, augmentation)
  const [height, width, channels] = split.shape
  const length = height * width * channels
  if (draws * length > MOST_IMAGE_BYTES)
    throw new UserError('that is too much for one answer', { place: 'draws', remedy: 'ask for fewer' })
  const image = new Float32Array(length)
  const pixels = new Uint8Array(draws * length)
  for (let step = 1; step <= draws; step++) {
    filler.fill(split, [index], image, new Int32Array(1), drawsOf(seed, AUGMENTATION_STREAM, step))
    for (let i = 0; i < length; i++) {
      const channel = i % channels
      const value = image[i]! * (statistics.std[channel] || 1) + statistics.mean[channel]!
      pixels[(step - 1) * length + i] = Math.min(255, Math.max(0, Math.round(255 * value)))
    }
  }
  return { height, width, channels, pixels }
}

async function wholeLook(catalogue: Catalogue, name: string, control: JobControl): Promise<DatasetLook> {
  const { shape, splits } = catalogue.describe(name)
  const [height, width, channels] = shape as [number, number, number]
  const total = splits.reduce((sum, { images }) => sum + images, 0)
  const pace = new Pace()
  let isCancelled = false
  let before = 0
  control.onCancel(() => (isCancelled = true))
  const found: SplitLook[] = []
  for (const { name: splitName } of splits) {
    const split = catalogue.openSplit(name, splitName)
    try {
      const told = await splitLook(split, (images) => {
        control.tell(pace.told({ phase: 'looking', done: before + images, total }))
        return !isCancelled
      })
      if (told) found.push(told)
      before += split.length
    } finally {
      split.close()
    }
  }
  // Called off, nobody hears this.
  if (found.length < splits.length) throw new UserError('it was called off', { place: `data set "${name}"` })
  return { height, width, channels, splits: found }
}

/** A name for a source's set, where one can be made of its path. */
function suggested(source: string): string {
  try {
    return nameOf(source)
  } catch {
    return 'images'
  }
}

/** `name`, or `name 2`, … where there is a set of that name. */
function freeName(catalogue: Catalogue, name: string): z.infer<typeof DatasetName> {
  const taken = new Set(catalogue.list().map((set) => set.name))
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name.slice(0, 90)} ${number}`
    if (!taken.has(tried)) return tried
  }
}
