import { expect, it } from 'vitest'
import { EpochSummary } from '../../../main/engine/training/epoch-summary'
import { chainRatio, ratios } from '../../../shared/norms/ratio'

const step = (number: number, loss: number, norms: number[]) => ({ step: number, epoch: 2, loss, accuracy: loss / 10, rate: 0.1, ms: 1, norms: Float32Array.from(norms) }) // prettier-ignore

it('holds mean, least and greatest ratio of each unit, and the means of loss and accuracy', () => {
  const summary = new EpochSummary(2, 2)
  expect(summary.isEmpty).toBe(true)
  summary.add(step(4, 1, [4, 2, 1]))
  summary.add(step(5, 2, [1, 2, 4]))
  summary.add(step(6, 6, [3, 3, 1]))
  expect(summary.isEmpty).toBe(false)
  expect(summary.record({ loss: 0.5, accuracy: 0.75 })).toMatchObject({
    epoch: 2,
    firstStep: 4,
    lastStep: 6,
    trainLoss: 3,
    testLoss: 0.5,
    testAccuracy: 0.75,
    ratios: {
      mean: Float32Array.of((2 + 0.5 + 1) / 3, (2 + 0.5 + 3) / 3),
      min: Float32Array.of(0.5, 0.5),
      max: Float32Array.of(2, 3),
    },
  })
  expect(summary.record(null)).toMatchObject({ testLoss: null, testAccuracy: null })
})

it('shows a ratio that was no number as no number', () => {
  const summary = new EpochSummary(1, 1)
  summary.add(step(1, 1, [1, 2]))
  summary.add(step(2, 1, [0, 0]))
  const { mean, min, max } = summary.record(null).ratios
  expect([mean[0], min[0], max[0]]).toEqual([NaN, NaN, NaN])
})

it('divides neighbours, and the ends for the whole chain', () => {
  expect(ratios(Float32Array.of(8, 4, 1))).toEqual(Float32Array.of(2, 4))
  expect(chainRatio(Float32Array.of(8, 4, 1))).toBe(8)
  expect(ratios(Float32Array.of(1, 0, 0))).toEqual(Float32Array.of(Infinity, NaN))
  expect(ratios(new Float32Array(0))).toHaveLength(0)
})
