import fs from 'node:fs'
import path from 'node:path'
import type { DatasetDetail } from '../../shared/api'
import { DatasetName } from '../../shared/datasets/names'
import { UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import { exportSet } from '../datasets/export'
import { importedStatistics } from '../datasets/imported/statistics'
import type { About } from '../datasets/imported/about'
import { readAbout } from '../datasets/imported/imported-set'
import { packedHash } from '../datasets/imported/packed-hash'
import { channelStatistics } from '../datasets/statistics'
import { isSystemError, reasonOf } from '../files/reasons'
import { EngineDeath } from '../engine/supervisor'
import type { Handlers } from './boundary'
import { type ChosenSources, inPageWords, sourceOf } from './chosen-sources'
import type { CheckRequestName } from './dataset-checks'
import type { DatasetLookHandlers } from './dataset-looks'
import type { PreparationRequest } from './dataset-preparation'
import type { DeletedDatasets } from './deleted-datasets'
import type { ImportFolders } from './import-folders'
import type { Jobs } from './jobs'

/** All but the list, which needs no lab. */
type DatasetRequest = Exclude<
  Extract<keyof Handlers, `datasets.${string}`>,
  'datasets.list' | keyof DatasetLookHandlers | PreparationRequest | CheckRequestName
>

export interface DatasetWorld {
  readonly catalogue: Catalogue
  readonly jobs: Jobs
  readonly folders: ImportFolders
  readonly sources: ChosenSources
  readonly deleted: DeletedDatasets
}

/** What the lab answers about data sets. */
export function datasetHandlers(world: DatasetWorld): Pick<Handlers, DatasetRequest> {
  const { catalogue, jobs, folders, sources, deleted } = world
  return {
    'datasets.show': ({ name }) => datasetDetail(catalogue, name),
    'datasets.delete'({ name }) {
      deleted.remove(name)
      return {}
    },
    'datasets.restore'({ name }) {
      deleted.restore(name)
      return {}
    },

    async 'datasets.import'({ source: file, chosen, name: given, choices }, control) {
      const source = sourceOf(sources, file, chosen)
      const name = given ?? nameOf(source)
      refuseTaken(catalogue, name)
      const folder = folders.claim([source, choices])
      control.onCancel(() => folders.release(folder))
      let isToBeGoneOnWith = false
      try {
        const { hash } = (await inPageWords(chosen, source, () =>
          jobs.run({ kind: 'import-dataset', source, name, choices, folder }, control),
        )) as About
        refuseTaken(catalogue, name)
        moveTo(folder, path.join(catalogue.folder, `${folderWord(name)}-${hash.slice(0, 12)}`))
        if (chosen !== undefined) sources.letGo(chosen)
      } catch (error) {
        // It was killed; the next import of the same goes on where it was.
        isToBeGoneOnWith = error instanceof EngineDeath
        throw error
      } finally {
        folders.release(folder)
        if (!isToBeGoneOnWith) fs.rmSync(folder, { recursive: true, force: true })
      }
      return datasetDetail(catalogue, name)
    },
    async 'datasets.verify'({ name }, control) {
      const folder = catalogue.folderOf(name)
      const about = readAbout(folder)
      const hash = await packedHash(folder, about, control)
      if (hash !== about.hash)
        throw new UserError('its file is not as it was written', {
          place: `data set "${name}"`,
          remedy: about.prepared ? 'delete it and prepare it again' : 'delete it and import it again',
        })
      return { hash }
    },
    'datasets.export': ({ name, out }, control) => exportSet(catalogue, name, out, control),
  }
}

/** @throws UserError where the system does not let it be moved. */
export function moveTo(folder: string, place: string): void {
  try {
    fs.renameSync(folder, place)
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`the data set cannot be stored: ${reasonOf(error)}`, {
      place,
      remedy: 'look at the data folder’s disk and permissions, and import again',
    })
  }
}

export function datasetDetail(catalogue: Catalogue, name: string): DatasetDetail {
  const summary = catalogue.describe(name)
  if (summary.hash === undefined) return { ...summary, remarks: [], splits: builtInSplits(catalogue, name) }
  const about = readAbout(catalogue.folderOf(name))
  return {
    ...summary,
    splits: about.splits.map((split) => ({
      name: split.name,
      images: split.images,
      classCounts: split.classCounts,
      ...importedStatistics(split),
    })),
    remarks: about.remarks,
    ...(about.prepared && { prepared: about.prepared }),
  }
}

/** Built-in sets are always the same, and going through one takes a second. */
const builtIn = new Map<string, DatasetDetail['splits']>()

function builtInSplits(catalogue: Catalogue, name: string): DatasetDetail['splits'] {
  const known = builtIn.get(name)
  if (known) return known
  const summary = catalogue.describe(name)
  const splits = summary.splits.map((described) => {
    const split = catalogue.openSplit(name, described.name)
    const classCounts = summary.classes.map(() => 0)
    for (const label of split.labels) classCounts[label]!++
    const { mean, std } = channelStatistics(split)
    return { name: split.name, images: split.length, classCounts, mean: [...mean], std: [...std] }
  })
  builtIn.set(name, splits)
  return splits
}

/** A set's name from a file's or folder's: `cifar-10-batches-py` of `cifar-10-batches-py.tar.gz`. */
export function nameOf(source: string): string {
  const base = path.basename(source).replace(/\.(tar\.gz|tgz|tar|zip|npz|npy|csv|jsonl|safetensors|gz|bin|parquet)$/i, '')
  const checked = DatasetName.safeParse(base)
  if (checked.success) return checked.data
  throw new UserError('a name for the set cannot be made of this path', { place: source, remedy: 'give it one: --name NAME' })
}

export function refuseTaken(catalogue: Catalogue, name: string): void {
  const taken = catalogue.list().find((set) => set.name === name)
  if (!taken) return
  const isBuiltIn = taken.hash === undefined
  throw new UserError(isBuiltIn ? 'a data set of this name is part of the program' : 'there is a data set of this name', {
    place: `data set "${name}"`,
    remedy: isBuiltIn ? 'choose another name' : 'choose another name, or delete that one first',
  })
}

/** What of a name can be a folder's on every system. */
export function folderWord(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'set'
  )
}
