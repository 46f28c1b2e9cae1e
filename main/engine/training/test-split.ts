import type { BatchFiller } from '../../datasets/batches'
import type { Split } from '../../datasets/dataset'
import type { NetworkSession } from '../network-session'
import { EVALUATION_BATCH, scoreSplit } from './scores'

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
  let loss = 0
  let right = 0
  let done = 0
  for (const { labels, predictions, losses } of scoreSplit(session, split, filler, Math.max(batch, EVALUATION_BATCH))) {
    for (let i = 0; i < labels.length; i++) {
      loss += losses[i]!
      if (predictions[i] === labels[i]) right++
    }
    done += labels.length
    if (await between(done)) return null
  }
  return { loss: loss / split.length, accuracy: right / split.length }
}
