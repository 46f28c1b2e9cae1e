import { BatchFiller, BatchSampler, evaluationBatches } from '../../../main/datasets/batches'
import type { Split } from '../../../main/datasets/dataset'
import { channelStatistics } from '../../../main/datasets/statistics'

/**
 * Test accuracy of softmax regression on the standardised pixels, after `epochs` passes of gradient descent with momentum, batch 50.
 */
export function linearAccuracy(train: Split, test: Split, epochs: number): number {
  const features = train.shape[0] * train.shape[1] * train.shape[2]
  const classes = Math.max(...train.labels) + 1
  const batch = 50
  const weights = new Float32Array(classes * (features + 1))
  const velocity = new Float32Array(weights.length)
  const gradient = new Float32Array(weights.length)
  const images = new Float32Array(batch * features)
  const labels = new Int32Array(batch)
  const filler = new BatchFiller(train, channelStatistics(train))
  const sampler = new BatchSampler(train.length, batch, 1)

  /** Log-odds of each class for one image of the batch. */
  const score = (image: number): number[] =>
    Array.from({ length: classes }, (_, c) => {
      const row = weights.subarray(c * (features + 1), (c + 1) * (features + 1))
      const pixels = images.subarray(image * features, (image + 1) * features)
      let sum = row[features]!
      for (let i = 0; i < features; i++) sum += row[i]! * pixels[i]!
      return sum
    })

  const rate = 0.1 / features
  for (let step = 0; step < epochs * sampler.stepsPerEpoch; step++) {
    filler.fill(train, sampler.next(), images, labels)
    gradient.fill(0)
    for (let image = 0; image < batch; image++) {
      const scores = score(image)
      const highest = Math.max(...scores)
      const odds = scores.map((value) => Math.exp(value - highest))
      const total = odds.reduce((a, b) => a + b, 0)
      for (let c = 0; c < classes; c++) {
        const error = (odds[c]! / total - (c === labels[image] ? 1 : 0)) / batch
        const row = gradient.subarray(c * (features + 1), (c + 1) * (features + 1))
        const pixels = images.subarray(image * features, (image + 1) * features)
        row[features]! += error
        for (let i = 0; i < features; i++) row[i]! += error * pixels[i]!
      }
    }
    for (let i = 0; i < weights.length; i++) {
      velocity[i] = 0.9 * velocity[i]! + gradient[i]!
      weights[i]! -= rate * velocity[i]!
    }
  }

  let right = 0
  for (const indices of evaluationBatches(test, batch)) {
    filler.fill(test, indices, images, labels)
    for (let image = 0; image < indices.length; image++) {
      const scores = score(image)
      if (scores.indexOf(Math.max(...scores)) === labels[image]) right++
    }
  }
  return right / test.length
}
