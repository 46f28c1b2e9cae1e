import { elements } from '../../../shared/ops/op'
import type { DatasetSummary } from '../../../shared/api'
import { BatchFiller, BatchSampler } from '../../datasets/batches'
import { Catalogue } from '../../datasets/catalogue'
import type { Split } from '../../datasets/dataset'
import { standardisationOf } from '../../datasets/standardisation'
import type { ChannelStatistics } from '../../datasets/statistics'
import type { Batch } from '../network-session'
import type { MovedTask } from '../questions'

/** The images of a run's first step, as they are without augmentation, with the key of that step. */
export function firstBatch(train: Split, statistics: ChannelStatistics | null, batch: number, seed: number): Batch {
  const images = new Float32Array(batch * elements(train.shape))
  const labels = new Int32Array(batch)
  new BatchFiller(train, statistics).fill(train, new BatchSampler(train.length, batch, seed).next(), images, labels)
  return { images, labels, key: [seed | 0, 1] }
}

type RunBatch = Pick<MovedTask, 'data' | 'dataHash' | 'dataFolder' | 'standardisation' | 'batch' | 'seed'>

/** The same of a run's settings. @param check Of the set, before any image is read. @throws UserError where the set is gone or has changed. */
export function runBatch(
  { data, dataHash, dataFolder, standardisation, batch, seed }: RunBatch,
  check: (summary: DatasetSummary) => void = () => undefined,
): Batch {
  const opened = new Catalogue(dataFolder).open(data, dataHash)
  try {
    check(opened.summary)
    return firstBatch(opened.train, standardisationOf(opened.summary, opened.train, standardisation), batch, seed)
  } finally {
    opened.close()
  }
}
