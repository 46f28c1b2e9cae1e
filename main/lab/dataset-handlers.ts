import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import { builtInHashes } from '../datasets/built-in-hashes'
import { exportSet } from '../datasets/export'
import { readAbout } from '../datasets/imported/imported-set'
import { packedHash } from '../datasets/imported/packed-hash'
import { EngineDeath } from '../engine/supervisor'
import type { Handlers } from './boundary'
import { type ChosenSources, inPageWords, sourceOf } from './chosen-sources'
import type { CheckRequestName } from './dataset-checks'
import type { DatasetLookHandlers } from './dataset-looks'
import type { PreparationRequest } from './dataset-preparation'
import type { DeletedDatasets } from './deleted-datasets'
import { datasetDetail } from './dataset-detail'
import { folderWord, nameOf, refuseTaken } from './dataset-names'
import { type ImportFolders, moveTo } from './import-folders'
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
        const { hash } = await inPageWords(chosen, source, () =>
          jobs.run('import-dataset', { source, name, choices, folder }, control),
        )
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
      const { name: own, hash: kept } = catalogue.describe(name)
      if (kept === undefined) return { hash: verifyBuiltIn(catalogue, own) }
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

/** @throws UserError where a built-in set is not made here as it is everywhere, or nothing is on record of it. */
function verifyBuiltIn(catalogue: Catalogue, name: string): string {
  const place = `data set "${name}"`
  const known = builtInHashes[name]
  if (known === undefined)
    throw new UserError('no hash is on record of a set with numbers of your own', {
      place,
      remedy: 'keep it under a name with normlab datasets create, and verify that',
    })
  const hash = catalogue.hash({ name })
  if (hash === known) return hash
  throw new UserError('this machine makes other images or vectors of it than others do', {
    place,
    remedy: 'install NormLab again; if that does not help, tell its makers of the processor and system',
  })
}
