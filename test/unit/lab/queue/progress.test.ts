import { describe, expect, it } from 'vitest'
import { ProgressEstimate } from '../../../../main/lab/queue/progress'
import type { EpochRecord, StepRecord } from '../../../../shared/records'

const step = (ms: number): StepRecord => ({ step: 1, epoch: 1, loss: 1, accuracy: 0, rate: 0.1, ms, norms: new Float32Array() })
const epoch = (seconds: number): EpochRecord => ({
  ...{ epoch: 1, firstStep: 1, lastStep: 10, trainLoss: 1, trainAccuracy: 0, testLoss: 1, testAccuracy: 0, seconds },
  ratios: { mean: new Float32Array(), min: new Float32Array(), max: new Float32Array() },
})

describe('the time left', () => {
  it('is unknown before the first step', () => {
    expect(new ProgressEstimate().secondsLeft(0, 100, 10)).toBeNull()
  })

  it('is the steps left by the median of the last ones, so that a slow first step does not count', () => {
    const estimate = new ProgressEstimate()
    for (const ms of [9000, 100, 110, 90, 100]) estimate.addStep(step(ms))
    expect(estimate.stepMs).toBe(100)
    expect(estimate.secondsLeft(5, 25, 100)).toBeCloseTo(2)
  })

  it('includes the evaluations to come, as long as the last one took', () => {
    const estimate = new ProgressEstimate()
    for (let i = 0; i < 10; i++) estimate.addStep(step(100))
    estimate.addEpoch(epoch(1.5))
    expect(estimate.secondsLeft(10, 30, 10)).toBeCloseTo(2 + 2 * 0.5)
    expect(estimate.secondsLeft(30, 30, 30)).toBeCloseTo(0)
  })
})
