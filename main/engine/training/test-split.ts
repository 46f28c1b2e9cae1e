import type { BatchFiller } from '../../datasets/batches'
import type { TestScores } from '../../../shared/records'
import type { Split } from '../../datasets/dataset'
import type { NetworkSession } from '../network-session'
import { EVALUATION_BATCH, scoreSplit } from './scores'

/**
 * Mean cross-entropy (nats) and share classified right over a whole split, with moving statistics.
 * @param copied Places in the set's split of the images that have a copy in the training split, without which the accuracy is told too;
 *   null where copies were not looked for.
 * @param between Called after each batch with the images that are done, so that the caller can listen; true ends the evaluation, which
 *   then returns null.
 */
export async function evaluateSplit(
  session: NetworkSession,
  split: Split,
  filler: BatchFiller,
  batch: number,
  copied: readonly number[] | null,
  between: (done: number) => Promise<boolean>,
): Promise<TestScores | null> {
  const isCopied = new Set(copied)
  let [loss, right, done] = [0, 0, 0]
  let [copies, copiesRight] = [0, 0]
  for (const { labels, predictions, losses } of scoreSplit(session, split, filler, Math.max(batch, EVALUATION_BATCH))) {
    for (let i = 0; i < labels.length; i++) {
      loss += losses[i]!
      const isRight = predictions[i] === labels[i]
      if (isRight) right++
      if (!isCopied.has(split.places?.[done + i] ?? done + i)) continue
      copies++
      if (isRight) copiesRight++
    }
    done += labels.length
    if (await between(done)) return null
  }
  const others = split.length - copies
  return {
    loss: loss / split.length,
    accuracy: right / split.length,
    ...(copied && { withoutCopies: { copies, accuracy: others > 0 ? (right - copiesRight) / others : NaN } }),
  }
}
