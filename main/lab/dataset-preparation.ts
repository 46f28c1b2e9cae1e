import fs from 'node:fs'
import path from 'node:path'
import type { DatasetDetail, JobReceived } from '../../shared/api'
import { madeName, parseMade } from '../../shared/datasets/made'
import type { Catalogue } from '../datasets/catalogue'
import type { Handlers, JobControl } from './boundary'
import { datasetDetail } from './dataset-detail'
import { folderWord, refuseTaken } from './dataset-names'
import { moveTo } from './import-folders'
import type { ImportFolders } from './import-folders'
import type { Jobs } from './jobs'

export type PreparationRequest = 'datasets.prepare' | 'datasets.create' | 'datasets.plan'

/** Sets that are made of others, in the engine's background. */
export function preparationHandlers(
  catalogue: Catalogue,
  jobs: Jobs,
  folders: ImportFolders,
): Pick<Handlers, PreparationRequest> {
  const dataFolder = catalogue.folder
  async function prepare({ source, name, steps }: JobReceived<'datasets.prepare'>, control: JobControl): Promise<DatasetDetail> {
    catalogue.describe(source)
    refuseTaken(catalogue, name)
    const folder = folders.claim(['prepared', source, name, steps])
    const letGo = (): void => {
      folders.release(folder)
      fs.rmSync(folder, { recursive: true, force: true })
    }
    control.onCancel(letGo)
    try {
      const { hash } = await jobs.run('prepare-dataset', { source, name, steps, folder, dataFolder }, control)
      refuseTaken(catalogue, name)
      moveTo(folder, path.join(dataFolder, `${folderWord(name)}-${hash.slice(0, 12)}`))
    } finally {
      letGo()
    }
    return datasetDetail(catalogue, name)
  }
  return {
    'datasets.prepare': ({ source, name, steps }, control) => prepare({ source, name, steps }, control),
    async 'datasets.create'({ made, name }, control) {
      return await prepare({ source: madeName(parseMade(made)), name, steps: [] }, control)
    },
    async 'datasets.plan'({ source, steps }, control) {
      catalogue.describe(source)
      return await jobs.run('plan-dataset', { source, steps, dataFolder }, control)
    },
  }
}
