import type { DatasetChecks } from '../../../shared/datasets/checks'
import { Catalogue } from '../../datasets/catalogue'
import { openImages } from '../../datasets/checks/images'
import { runChecks } from '../../datasets/checks/run'
import { readAbout } from '../../datasets/imported/imported-set'
import { labelErrors } from './label-errors'
import type { CheckTask, TaskProgress } from '../questions'

/** Checks a data set's images; of the engine it takes the process, and TensorFlow for label errors alone. @throws UserError where there is no such set. */
export function checkDataset({ name, only, dataFolder }: CheckTask, tell: (progress: TaskProgress) => void): DatasetChecks {
  const catalogue = new Catalogue(dataFolder)
  const hash = catalogue.hash({ name })
  const isImported = catalogue.describe(name).hash !== undefined
  const remarks = isImported ? readAbout(catalogue.folderOf(name)).remarks : []
  const images = openImages(catalogue, name)
  try {
    const request = { name, hash, remarks, only }
    const labels = only.includes('label-errors') ? [labelErrors(images, name, tell)] : []
    return runChecks(images, request, (phase, done, total) => tell({ phase, done, total }), labels)
  } finally {
    images.close()
  }
}
