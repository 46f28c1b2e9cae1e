import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { DatasetSummary, JobOutput, JobReceived } from '../../shared/api'
import { expand } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import { chainRatio } from '../../shared/norms/ratio'
import { changeWords } from '../../shared/spectra/change'
import type { SpectraTask } from '../engine/questions'
import { writeCopy } from '../files/write-copy'
import { saveItem, setItemWeights } from '../store/library'
import type { Store } from '../store/store'
import { hashFile, itemWeightsFile, keepWeights, weightsFolder } from '../store/weight-files'
import type { JobControl } from './boundary'
import type { Jobs } from './jobs'
import { askedSet, type DataWorld, standardisation } from './asked-data'
import { checkGeometry } from './start'

type Received = JobReceived<'kernels.change-layer'>

export interface ChangeWorld extends DataWorld {
  /** What was found is kept in `spectra` of its folder, changed weights in `weights`. */
  readonly store: Store
  readonly jobs: Jobs
}

interface Question extends Omit<Received, 'network' | 'weights'> {
  readonly document: NetworkDocument
  readonly from: SpectraTask['weights']
  readonly asked: Received['weights']
}

/** Images of the batch on which ratios are measured. */
const BATCH = 32

/** Changes one layer, measures before and after, and keeps the changed weights where that is asked. */
export async function changeLayer(
  world: ChangeWorld,
  question: Question,
  control: JobControl,
): Promise<JobOutput<'kernels.change-layer'>> {
  const { store, jobs } = world
  const { document, from, asked, layer, change, data, keep, out: target } = question
  // Told before the work rather than after it.
  const dataset = data === undefined ? undefined : askedSet(world, { weights: asked, data })
  if (dataset) checkGeometry(expand(document), dataset)
  const folder = weightsFolder(store.home)
  const [original, out] = [aside(folder), aside(folder)]
  const sweep = (): void => [original, out].forEach((file) => rmSync(file, { force: true }))
  control.onCancel(sweep)
  try {
    const found = await jobs.run('change-layer', { network: document, weights: from, layer, change, original, out }, control)
    const measured = dataset
      ? await measure(world, question, dataset, [original, out], control)
      : { ratios: null, chain: null, test: null }
    if (target !== undefined) writeCopy(out, target)
    return { ...found, ...measured, item: keep === undefined ? null : kept(store, question, keep, out) }
  } finally {
    sweep()
  }
}

const aside = (folder: string): string => path.join(folder, `${randomBytes(8).toString('hex')}.part`)

async function measure(
  world: ChangeWorld,
  { document, asked, split }: Question,
  dataset: DatasetSummary,
  files: readonly [before: string, after: string],
  control: JobControl,
): Promise<Pick<JobOutput<'kernels.change-layer'>, 'ratios' | 'chain' | 'test'>> {
  const { jobs, catalogue } = world
  const dataFolder = catalogue.folder
  const data = dataset.name
  const ratiosOf = (file: string) =>
    jobs.run(
      'initial',
      {
        ...{ network: document, data, dataFolder, batch: BATCH, seed: 1, timed: false },
        ...{ init: 'he-fan-in', biasDeviation: 0, lsuv: false, zeroGamma: false, weights: { file, name: 'the weights' } },
      },
      control,
    )
  const pixels = standardisation(world, { weights: asked, data }, dataset)
  const tested = async (file: string): Promise<{ accuracy: number; loss: number }> => {
    const task = { network: document, weights: { file }, data, dataFolder, split, standardisation: pixels }
    const { labels, predictions, loss } = await jobs.run('test', task, control)
    return { accuracy: labels.filter((label, i) => label === predictions[i]).length / labels.length, loss }
  }
  const [before, after] = [await ratiosOf(files[0]), await ratiosOf(files[1])]
  return {
    ratios: {
      units: before.units,
      before: before.plain.ratios,
      after: after.plain.ratios,
    },
    chain: { before: chainRatio(before.plain.norms), after: chainRatio(after.plain.norms) },
    test: { before: await tested(files[0]), after: await tested(files[1]) },
  }
}

/** The changed weights as an item of the library, from which a run can begin. */
function kept(store: Store, { document, layer, change }: Question, name: string, out: string): number {
  const { id } = saveItem(store, { document: { ...document, name } })
  const hash = hashFile(out)
  const words = `${layer} ${changeWords(change)}`
  const bytes = keepWeights({ file: out, name: words }, itemWeightsFile(store.home, id, hash))
  setItemWeights(store, id, { name: words, bytes, hash, at: new Date().toISOString() })
  return id
}
