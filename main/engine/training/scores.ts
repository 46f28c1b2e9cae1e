import { elements } from '../../../shared/ops/op'
import { type BatchFiller, evaluationBatches } from '../../datasets/batches'
import type { Split } from '../../datasets/dataset'
import type { NetworkSession } from '../network-session'

/** Images of one evaluation call; no gradient is kept, so it may be larger than a training batch. */
export const EVALUATION_BATCH = 100

/** What a network makes of some images, in the order of the split. */
export interface Scores {
  readonly labels: Int32Array
  /** The class of the largest logit; −1 where none is, since one is not a number. */
  readonly predictions: Int32Array
  /** Cross-entropy of each image, nats. */
  readonly losses: Float64Array
  /** [images, classes]. */
  readonly logits: Float32Array
}

/** Goes through a split in order, with moving statistics. */
export function* scoreSplit(session: NetworkSession, split: Split, filler: BatchFiller, size: number): Generator<Scores> {
  const pixels = elements(split.shape)
  const images = new Float32Array(size * pixels)
  const labels = new Int32Array(size)
  for (const indices of evaluationBatches(split, size)) {
    const count = indices.length
    filler.fill(split, indices, images, labels)
    const logits = session.evaluate(count === size ? images : images.slice(0, count * pixels))
    const classes = logits.length / count
    const predictions = new Int32Array(count)
    const losses = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes)
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity)
      let sum = 0
      for (const logit of row) sum += Math.exp(logit - largest)
      losses[i] = Math.log(sum) + largest - row[labels[i]!]!
      predictions[i] = row.indexOf(largest)
    }
    yield { labels: labels.slice(0, count), predictions, losses, logits }
  }
}
