import { BatchFiller, BatchSampler } from '../../datasets/batches'
import type { Split } from '../../datasets/dataset'
import type { ChannelStatistics } from '../../datasets/statistics'
import type { Batch } from '../network-session'

/** The images of a run's first step, as they are without augmentation, with the key of that step. */
export function firstBatch(train: Split, statistics: ChannelStatistics | null, batch: number, seed: number): Batch {
  const images = new Float32Array(batch * train.shape.reduce((product, side) => product * side, 1))
  const labels = new Int32Array(batch)
  new BatchFiller(train, statistics).fill(train, new BatchSampler(train.length, batch, seed).next(), images, labels)
  return { images, labels, key: [seed | 0, 1] }
}
