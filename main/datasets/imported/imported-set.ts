import fs from 'node:fs'
import path from 'node:path'
import type { DatasetSummary } from '../../../shared/api'
import { tellStep } from '../../../shared/datasets/preparation'
import { UserError } from '../../../shared/errors'
import { Random } from '../../../shared/random'
import { SafetensorsReader } from '../../formats/safetensors'
import { type Dataset, type OpenSplit, type Sample, sampleBytes, sampleOf, splitSize } from '../dataset'
import { About, ABOUT_FILE, IMAGES_FILE } from './about'
import { samplesName } from './packed-plan'
import { importedStatistics } from './statistics'

/** Draws which images a smaller choice takes; the same for all runs, so that runs that are compared see the same ones. */
const SUBSET_SEED = 1

/**
 * A set that was brought in, as its folder holds it. Its images are read where they are asked for: opening costs a header.
 *
 * @throws UserError where the folder holds no set that can be read.
 */
export function importedSet(folder: string): Dataset {
  const about = readAbout(folder)
  const summary = summaryOf(about, folder)
  const images = path.join(folder, IMAGES_FILE)
  return {
    summary,
    openSplit(name, choice = {}) {
      const length = splitSize(summary, name, choice.images)
      const split = packedSplit(SafetensorsReader.open(images, `data set "${about.name}"`), sampleOf(summary), name, length)
      const counted = about.splits.find((one) => one.name === name && one.images === length)
      return counted ? { ...split, statistics: importedStatistics(counted) } : split
    },
  }
}

/** @throws UserError that says what is wrong with the folder's about.json. */
export function readAbout(folder: string): About {
  const file = path.join(folder, ABOUT_FILE)
  let told: unknown
  try {
    told = JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(code === undefined ? 'this is not JSON' : `it cannot be read (${code})`, { place: file })
  }
  const found = About.safeParse(told)
  if (found.success) return found.data
  const version = (told as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > 1)
    throw new UserError(`the set is of version ${version}, known is 1`, {
      place: file,
      remedy: 'use the newer NormLab that imported it',
    })
  throw new UserError('this describes no data set', { place: file, remedy: 'import the set again' })
}

function summaryOf(about: About, folder: string): DatasetSummary {
  return {
    name: about.name,
    title: about.name,
    description: about.prepared
      ? `Made of ${[about.prepared.source.name, ...about.prepared.steps.map(tellStep)].join('; ').replace('; ', ': ')}.`
      : `Imported from ${about.source.place}.`,
    licence: '',
    source: about.source.place,
    shape: [...about.shape],
    ...(about.vectors && { vectors: {} }),
    classes: about.classes,
    splits: about.splits.map(({ name, images }) => ({ name, images })),
    procedural: false,
    hash: about.hash,
    bytes: fs.statSync(path.join(folder, IMAGES_FILE), { throwIfNoEntry: false })?.size ?? 0,
    kind: about.source.kind,
    importedAt: about.importedAt,
    ...(about.standardisation && { standardisation: about.standardisation }),
  }
}

/** Images of the file, read one by one from the system's page cache. */
function packedSplit(file: SafetensorsReader, sample: Sample, name: string, length: number): OpenSplit {
  const tensor = samplesName(name, sample)
  const images = file.info(tensor).shape[0]!
  const labels = file.readIntegers(`${name}/labels`)
  const chosen = length === images ? undefined : subset(images, length)
  const bytes = sampleBytes(sample)
  return {
    ...sample,
    name,
    length,
    labels: chosen ? Int32Array.from(chosen, (index) => labels[index]!) : labels,
    ...(chosen && { places: chosen }),
    read: (index, target, offset) => file.readSlice(tensor, (chosen?.[index] ?? index) * bytes, target, offset, bytes),
    close: () => file.close(),
  }
}

/** Drawn over the whole split: it is sorted by class, so that its first images would be of one class. In the file's order. */
function subset(images: number, length: number): Uint32Array {
  return new Random(SUBSET_SEED).permutation(images).slice(0, length).sort()
}
