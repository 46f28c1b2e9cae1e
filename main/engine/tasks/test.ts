import { type ExpandedNetwork, expand, networkFromDocument } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { BatchFiller } from '../../datasets/batches'
import { Catalogue } from '../../datasets/catalogue'
import type { Split } from '../../datasets/dataset'
import { NetworkSession } from '../network-session'
import type { TaskProgress, TestAnswer, TestTask } from '../questions'
import { EVALUATION_BATCH, scoreSplit } from '../training/scores'
import { openWeightsFor, readStatistics, readWeights } from '../weights'
import { standardisationFor } from './standardisation'

/**
 * What a network with given weights makes of each image of a split, by moving statistics.
 *
 * @throws UserError where weights, network and data do not fit, or a logit is not a number.
 */
export async function testNetwork(task: TestTask, tell: (progress: TaskProgress) => void): Promise<TestAnswer> {
  tell({ phase: 'compiling' })
  const network = expand(networkFromDocument(task.network))
  const catalogue = new Catalogue(task.dataFolder)
  const split = catalogue.openSplit(task.data, task.split)
  try {
    const statistics = standardisationFor(catalogue, task.standardisation)
    const session = new NetworkSession(network, { batch: EVALUATION_BATCH, threads: task.threads })
    try {
      const remarks = await setWeights(session, task)
      tell({ phase: 'testing', done: 0, total: split.length })
      return {
        ...scores(session, network, split, new BatchFiller(split, statistics), task.withLogits === true, tell),
        statistics,
        remarks,
      }
    } finally {
      session.close()
    }
  } finally {
    split.close()
  }
}

/** @returns what is to be told of them. */
async function setWeights(session: NetworkSession, { weights }: TestTask): Promise<readonly string[]> {
  const file = await openWeightsFor(session.network, weights)
  try {
    session.set('parameters', readWeights(file, session.graph.parameters))
    session.set('statistics', readStatistics(file, session.graph.statistics))
    return file.remarks ?? []
  } finally {
    file.close()
  }
}

function scores(
  session: NetworkSession,
  { name, layers, logits: last }: ExpandedNetwork,
  split: Split,
  filler: BatchFiller,
  withLogits: boolean,
  tell: (progress: TaskProgress) => void,
): Omit<TestAnswer, 'statistics' | 'remarks'> {
  const predictions = new Int32Array(split.length)
  const losses = new Float32Array(split.length)
  const classes = layers[last]!.shape[0]!
  const logits = withLogits ? new Float32Array(split.length * classes) : null
  let sum = 0
  let done = 0
  for (const batch of scoreSplit(session, split, filler, EVALUATION_BATCH)) {
    const lost = batch.predictions.indexOf(-1)
    if (lost >= 0)
      throw new UserError(`what the network says of image ${done + lost} of the split is not finite`, {
        place: name,
        remedy: 'use other weights, or the mean and deviation that they were trained with',
      })
    predictions.set(batch.predictions, done)
    losses.set(batch.losses, done)
    logits?.set(batch.logits, done * classes)
    for (const loss of batch.losses) sum += loss
    done += batch.labels.length
    tell({ phase: 'testing', done, total: split.length })
  }
  return { labels: Int32Array.from(split.labels), predictions, losses, logits, loss: sum / split.length }
}
