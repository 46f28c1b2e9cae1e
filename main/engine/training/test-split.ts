import { type BatchFiller, evaluationBatches } from '../../datasets/batches'
import type { Split } from '../../datasets/dataset'
import type { NetworkSession } from '../network-session'

/** Images of one evaluation call; no gradient is kept, so it may be larger than a training batch. */
const LEAST_BATCH = 100

/**
 * Mean cross-entropy (nats) and share classified right over a whole split, with moving statistics.
 * @param between Called after each batch with the images that are done, so that the caller can listen; true ends the evaluation, which
 *   then returns null.
 */
export async function evaluateSplit(
  session: NetworkSession,
  split: Split,
  filler: BatchFiller,
  batch: number,
  between: (done: number) => Promise<boolean>,
): Promise<{ loss: number; accuracy: number } | null> {
  const size = Math.max(batch, LEAST_BATCH)
  const pixels = split.shape.reduce((product, side) => product * side, 1)
  const images = new Float32Array(size * pixels)
  const labels = new Int32Array(size)
  let loss = 0
  let right = 0
  let done = 0
  for (const indices of evaluationBatches(split, size)) {
    filler.fill(split, indices, images, labels)
    const logits = session.evaluate(indices.length === size ? images : images.slice(0, indices.length * pixels))
    const classes = logits.length / indices.length
    for (let i = 0; i < indices.length; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes)
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity)
      let sum = 0
      for (const logit of row) sum += Math.exp(logit - largest)
      loss += Math.log(sum) + largest - row[labels[i]!]!
      if (row.indexOf(largest) === labels[i]) right++
    }
    done += indices.length
    if (await between(done)) return null
  }
  return { loss: loss / split.length, accuracy: right / split.length }
}
