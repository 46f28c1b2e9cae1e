import fs from 'node:fs'
import path from 'node:path'
import type { PreparationStep } from '../../../shared/datasets/preparation'
import type { Catalogue } from '../catalogue'
import { sampleBytes, sampleOf } from '../dataset'
import { type About, ABOUT_FILE, ABOUT_VERSION, IMAGES_FILE } from '../imported/about'
import { PackedWriter } from '../imported/packed-writer'
import { hashWith } from '../imported/standardised-hash'
import { importedStatistics } from '../imported/statistics'
import type { ChannelStatistics } from '../statistics'
import { planPreparation, type Plan } from './plan'
import { PreparationSource } from './source'

export interface Preparation {
  /** The set's name that it begins with. */
  readonly source: string
  readonly steps: readonly PreparationStep[]
}

export type TellPreparation = (phase: 'looking' | 'writing' | 'checking', done: number, total: number) => void

/** Images between two words of progress. */
const TOGETHER = 256

/**
 * Makes a set by a recipe and leaves it in a folder as an import does: the same recipe of the same source makes the same images, and
 * so the same hash. One image is in memory at a time.
 *
 * @param folder An empty one, for this set alone.
 * @throws UserError where the source cannot be read, a step does not fit, or the disk is full.
 */
export function prepareSet(
  catalogue: Catalogue,
  { source: name, steps }: Preparation,
  made: { readonly name: string; readonly folder: string },
  tell: TellPreparation,
): About {
  const source = PreparationSource.open(catalogue, name)
  try {
    const plan = planPreparation(source, steps, (done) => tell('looking', done, source.images))
    const { working, shape } = plan.stages.at(-1)!
    const { isVector } = sampleOf(source.summary)
    const writer = new PackedWriter(path.join(made.folder, IMAGES_FILE), {
      ...{ shape, classes: working.classes },
      ...(isVector && { isVector }),
      splits: working.splits.map((split) => ({ name: split.name, images: split.images.length })),
    })
    const packed = written(writer, () => write(source, plan, writer, tell))
    const standardisation = standardisationOf(steps, packed.splits)
    const about: About = {
      ...{ format: 'normlab/dataset', version: ABOUT_VERSION, name: made.name },
      ...{ shape: [...shape], classes: [...working.classes], splits: packed.splits },
      ...(isVector && { vectors: true as const }),
      hash: hashWith(packed.hash, standardisation),
      ...(standardisation && { standardisation: { mean: [...standardisation.mean], std: [...standardisation.std] } }),
      source: { place: name, kind: 'prepared', choices: {} },
      prepared: { source: { name, hash: catalogue.hash({ name }) }, steps: [...steps] },
      remarks: remarksOf(plan),
      importedAt: new Date().toISOString(),
    }
    fs.writeFileSync(path.join(made.folder, ABOUT_FILE), `${JSON.stringify(about, null, 1)}\n`, { mode: 0o600 })
    return about
  } finally {
    source.close()
  }
}

function written<T>(writer: PackedWriter, work: () => T): T {
  try {
    return work()
  } catch (error) {
    writer.close()
    throw error
  }
}

function write(
  source: PreparationSource,
  { stages, pixels }: Plan,
  writer: PackedWriter,
  tell: TellPreparation,
): ReturnType<PackedWriter['finish']> {
  const { splits } = stages.at(-1)!.working
  const first = new Uint8Array(sampleBytes(sampleOf(source.summary)))
  const images = pixels.map(({ shape }) => new Uint8Array(sampleBytes({ shape })))
  const total = splits.reduce((sum, split) => sum + split.images.length, 0)
  let done = 0
  splits.forEach((split, number) =>
    split.images.forEach((image, index) => {
      source.read(image, first)
      pixels.forEach((step, i) => step.apply(i === 0 ? first : images[i - 1]!, images[i]!))
      writer.put(number, index, images.at(-1) ?? first)
      if (++done % TOGETHER === 0) tell('writing', done, total)
    }),
  )
  tell('checking', total, total)
  return writer.finish(splits.map(({ labels }) => Int32Array.from(labels)))
}

/** By the last step that says: given, or of a split as it has become. */
function standardisationOf(steps: readonly PreparationStep[], splits: About['splits']): ChannelStatistics | undefined {
  const step = steps.filter(({ step: kind }) => kind === 'standardise').at(-1)
  if (step?.step !== 'standardise') return undefined
  if (step.mean && step.std) return { mean: step.mean, std: step.std }
  return importedStatistics(splits.find(({ name }) => name === step.split)!)
}

/** What a reader would not see by the recipe: what became of labels and classes. */
function remarksOf({ stages }: Plan): string[] {
  const { classes, splits } = stages.at(-1)!.working
  return splits.flatMap(({ name, labels }) => {
    const there = new Set(labels)
    const without = classes.filter((_, label) => !there.has(label))
    if (without.length === 0) return []
    return [`split "${name}" has no image of ${without.slice(0, 12).join(', ')}${without.length > 12 ? ', …' : ''}`]
  })
}
