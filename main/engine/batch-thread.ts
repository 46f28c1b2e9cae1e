import { parentPort, workerData } from 'node:worker_threads'
import { BatchFiller, BatchSampler } from '../datasets/batches'
import { Catalogue } from '../datasets/catalogue'
import { standardisationOf } from '../datasets/standardisation'
import type { BatchThreadData, BatchThreadStart, BatchThreadWord } from './batches/ahead'
import { BatchRing } from './batches/ring'
import { AUGMENTATION_STREAM, drawsOf } from './training/draws'
import { toWire } from './wire-error'

/** A thread beside a training worker: prepares the batches of its coming steps, and ends with the last one. */

const port = parentPort!
const { configuration, dataFolder, size, memory } = workerData as BatchThreadData
const ring = new BatchRing(size, memory)
const tell = (word: BatchThreadWord): void => port.postMessage(word)

async function work(): Promise<void> {
  // Heard even where it comes before the images have been looked at.
  const start = new Promise<BatchThreadStart>((resolve) => port.once('message', resolve))
  const { training, seed } = configuration
  const { summary, train, close } = new Catalogue(dataFolder).open(configuration.data, configuration.dataHash)
  try {
    const statistics = standardisationOf(summary, train, training.standardisation)
    tell({ type: 'statistics', statistics })
    const filler = new BatchFiller(train, statistics, training.augmentation)
    const sampler = new BatchSampler(train.length, training.batch, seed)
    const { from, done, steps } = await start
    if (from) sampler.restore(from)
    for (let step = done + 1; step <= steps; step++) {
      const place = ring.free()
      if (!place) return
      filler.fill(train, sampler.next(), place.images, place.labels, drawsOf(seed, AUGMENTATION_STREAM, step))
      ring.fill()
    }
  } finally {
    close()
  }
}

work().catch((error: unknown) => {
  tell({ type: 'failed', error: toWire(error) })
  ring.breakOff()
})
