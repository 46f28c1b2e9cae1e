import { elements } from '../../../shared/ops/op'
import { expand, networkFromPreset } from '../../../shared/architecture'
import { countWords } from '../../../shared/count-words'
import type { Finding } from '../../../shared/datasets/checks'
import { UserError } from '../../../shared/errors'
import { BatchFiller, BatchSampler } from '../../datasets/batches'
import { imageRef, MOST_IMAGES } from '../../datasets/checks/check'
import { type CheckedImages, thingOf } from '../../datasets/checks/images'
import { Reducer } from '../../datasets/checks/copies/reduce'
import { confidentLearning } from '../../datasets/checks/labels/confident'
import { stratifiedFolds } from '../../datasets/checks/labels/folds'
import { sampleBytes, type Split } from '../../datasets/dataset'
import { channelStatistics } from '../../datasets/statistics'
import { NetworkSession } from '../network-session'
import type { TaskProgress } from '../questions'
import { AUGMENTATION_STREAM, drawsOf } from '../training/draws'
import { initialParameters } from '../training/initialise'
import { EVALUATION_BATCH, scoreSplit } from '../training/scores'

/** The nets that judge the labels: each sees three quarters of the images and tells the classes of the rest. */
const FOLDS = 4
const netOf = ({ isVector, shape }: Split): string =>
  isVector ? 'residual-mlp:blocks=2' : `resnet:blocks=1,widths=${shape[0] < 8 ? '16/32' : '16/32/64'}`
const [SEED, RATE, BATCH] = [1, 0.05, 64] as const
/** Steps that a net should have at least, and its passes over the images. */
const [LEAST_STEPS, LEAST_EPOCHS, MOST_EPOCHS] = [800, 8, 60] as const
/** Probabilities that are held in memory. */
const MOST_PROBABILITIES = 2 ** 28

/** All images of a set as one split, larger ones made as small as the copies are compared; vectors as they are. */
function pooled(images: CheckedImages): Split {
  if (images.isVector) {
    const own = new Uint8Array(sampleBytes(images))
    return {
      ...{ name: 'all', length: images.length, shape: images.shape, isVector: true, labels: images.labels },
      read(index, target, offset) {
        images.read(index, own)
        target.set(own, offset)
      },
    }
  }
  const [height, width, channels] = images.shape
  const reducer = new Reducer(images.shape)
  const { side } = reducer
  const isSmall = height === side && width === side
  const own = new Uint8Array(height * width * channels)
  const small = new Float32Array(side * side * channels)
  const whole = new Uint8Array(height * width * channels)
  return {
    ...{ name: 'all', length: images.length, shape: [side, side, channels], labels: images.labels },
    read(index, target, offset) {
      images.read(index, own)
      if (isSmall) return target.set(own, offset)
      reducer.reduce(own, small)
      for (let i = 0; i < small.length; i++) whole[i] = Math.round(small[i]!)
      target.set(whole.subarray(0, small.length), offset)
    },
  }
}

const partOf = (split: Split, places: Uint32Array): Split => ({
  ...split,
  length: places.length,
  labels: Int32Array.from(places, (place) => split.labels[place]!),
  read: (index, target, offset) => split.read(places[index]!, target, offset),
})

/**
 * Images whose labels are likely wrong, by confident learning over held-out predictions: a small residual net is trained for each fold on the
 * others.
 *
 * @throws UserError where there are too few images or classes, or too many of both to hold.
 */
export function labelErrors(images: CheckedImages, name: string, tell: (progress: TaskProgress) => void): Finding {
  const { length: classes } = images.classes
  const place = `data set "${name}", label errors`
  if (classes < 2) throw new UserError('a set of one class has no wrong labels', { place, remedy: 'leave this check out' })
  if (images.length < 2 * BATCH)
    throw new UserError(`${countWords(images.length, thingOf(images))} are too few to learn from`, {
      place,
      remedy: `this check wants ${2 * BATCH} and more`,
    })
  if (images.length * classes > MOST_PROBABILITIES)
    throw new UserError(`${countWords(images.length, thingOf(images))} of ${countWords(classes, 'class')} are too many to hold`, {
      place,
      remedy: 'check a set with a cap on its classes (datasets prepare --cap)',
    })
  const probabilities = heldOut(pooled(images), classes, tell)
  const { suspects, share } = confidentLearning(images.labels, probabilities, classes)
  const right = images.labels.reduce((sum, label, i) => sum + (mostLikely(probabilities, i, classes) === label ? 1 : 0), 0)
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`
  return {
    check: 'label-errors',
    count: suspects.length,
    sentence:
      `${suspects.length === 0 ? 'No label is' : suspects.length === 1 ? '1 label is' : `${countWords(suspects.length, 'label')} are`} likely wrong. ` +
      `About ${percent(share)} of all labels are, by nets that were right about ${percent(right / images.length)} of ${thingOf(images)}s that they had not seen.`,
    images: suspects
      .slice(0, MOST_IMAGES)
      .map(({ image, likely, margin }) => ({ ...imageRef(images, image), value: Math.round(margin * 1e4) / 1e4, likely })),
    pairs: [],
    counts: [],
  }
}

function mostLikely(probabilities: Float32Array, image: number, classes: number): number {
  const row = probabilities.subarray(image * classes, (image + 1) * classes)
  return row.indexOf(row.reduce((a, b) => Math.max(a, b), -Infinity))
}

/** Probabilities [images, classes] of each image by the net that was trained without its fold. */
function heldOut(all: Split, classes: number, tell: (progress: TaskProgress) => void): Float32Array {
  tell({ phase: 'compiling' })
  const [height, width, channels] = all.shape
  const network = expand(networkFromPreset(netOf(all), { input: [height, width, channels], classes }))
  const fold = stratifiedFolds(all.labels, classes, FOLDS, SEED)
  const optimiser = { momentum: 0.9, nesterov: true, weightDecay: 5e-4 }
  const session = new NetworkSession(network, { batch: BATCH, optimiser })
  // A vector has no edge to be moved over.
  const augmentation = { flip: false, crop: all.isVector ? 0 : Math.round(height / 16), padding: 'zero' } as const
  const probabilities = new Float32Array(all.length * classes)
  try {
    for (let out = 0; out < FOLDS; out++) {
      const places = (isOut: boolean): Uint32Array =>
        Uint32Array.from({ length: all.length }, (_, i) => i).filter((i) => (fold[i] === out) === isOut)
      const train = partOf(all, places(false))
      const statistics = channelStatistics(train)
      trainOn(session, train, new BatchFiller(train, statistics, augmentation), out, tell)
      const rest = places(true)
      let done = 0
      const held = partOf(all, rest)
      for (const batch of scoreSplit(session, held, new BatchFiller(held, statistics), EVALUATION_BATCH)) {
        for (let i = 0; i < batch.labels.length; i++) softmax(batch.logits, i, classes, probabilities, rest[done + i]! * classes)
        done += batch.labels.length
      }
    }
  } finally {
    session.close()
  }
  return probabilities
}

/** Trains anew from initial values, the rate falling to zero by half a cosine. */
function trainOn(
  session: NetworkSession,
  train: Split,
  filler: BatchFiller,
  fold: number,
  tell: (progress: TaskProgress) => void,
): void {
  const { network, graph } = session
  session.reset()
  session.set('parameters', initialParameters(network, graph.parameters, 'he-fan-out', SEED))
  const sampler = new BatchSampler(train.length, BATCH, SEED + fold)
  const epochs = Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, Math.ceil(LEAST_STEPS / sampler.stepsPerEpoch)))
  const steps = epochs * sampler.stepsPerEpoch
  const images = new Float32Array(BATCH * elements(train.shape))
  const labels = new Int32Array(BATCH)
  for (let step = 1; step <= steps; step++) {
    filler.fill(train, sampler.next(), images, labels, drawsOf(SEED + fold, AUGMENTATION_STREAM, step))
    session.step({ images, labels }, (RATE / 2) * (1 + Math.cos((Math.PI * (step - 1)) / steps)), step, false)
    if (step % 10 === 0) tell({ phase: 'training', done: fold * steps + step, total: FOLDS * steps })
  }
}

function softmax(logits: Float32Array, image: number, classes: number, to: Float32Array, offset: number): void {
  const row = logits.subarray(image * classes, (image + 1) * classes)
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (const logit of row) sum += Math.exp(logit - largest)
  row.forEach((logit, k) => (to[offset + k] = Math.exp(logit - largest) / sum))
}
