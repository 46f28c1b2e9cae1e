import { describe, expect, it } from 'vitest'
import { ProgressEstimate } from '../../../../main/lab/queue/progress'

const step = (ms: number, epoch = 1) => ({ step: 1, epoch, ms })
/** An epoch of ten steps. */
const epoch = (seconds: number, at = 1, testLoss: number | null = 1) => ({
  ...{ epoch: at, firstStep: 10 * at - 9, lastStep: 10 * at, testLoss, seconds },
})
const eachEpoch = { every: 1, last: true }

describe('the time left', () => {
  it('is unknown before the first step', () => {
    expect(new ProgressEstimate(eachEpoch).secondsLeft(0, 100, 10)).toBeNull()
  })

  it('is the steps left by the median of the last ones, so that a slow first step does not count', () => {
    const estimate = new ProgressEstimate(eachEpoch)
    for (const ms of [9000, 100, 110, 90, 100]) estimate.addStep(step(ms))
    expect(estimate.stepMs).toBe(100)
    expect(estimate.secondsLeft(5, 25, 100)).toBeCloseTo(2)
  })

  it('includes the evaluations to come, as long as the last one took', () => {
    const estimate = new ProgressEstimate(eachEpoch)
    for (let i = 0; i < 10; i++) estimate.addStep(step(100))
    estimate.addEpoch(epoch(1.5))
    expect(estimate.secondsLeft(10, 30, 10)).toBeCloseTo(2 + 2 * 0.5)
    expect(estimate.secondsLeft(10, 10, 10)).toBeCloseTo(0)
  })

  it('counts the epochs that were done before a run goes on, and their evaluation as what it was', () => {
    const estimate = new ProgressEstimate(eachEpoch)
    // The last record is told once more; none of its steps is.
    estimate.addEpoch(epoch(110, 40))
    for (let i = 0; i < 5; i++) estimate.addStep(step(1000, 41))
    expect(estimate.secondsLeft(405, 500, 10)).toBeCloseTo(95 + 10 * 100)
    // Nor were all steps of the epoch that it goes on with.
    estimate.addEpoch(epoch(110, 41))
    expect(estimate.secondsLeft(410, 500, 10)).toBeCloseTo(90 + 9 * 100)
  })

  it('counts only the evaluations that are still to come where not every epoch has one', () => {
    const estimate = new ProgressEstimate({ every: 10, last: true })
    const train = (at: number, seconds: number, testLoss: number | null): void => {
      for (let i = 0; i < 10; i++) estimate.addStep(step(1000, at))
      estimate.addEpoch(epoch(seconds, at, testLoss))
    }
    for (let at = 1; at < 10; at++) train(at, 10, null)
    train(10, 110, 1)
    expect(estimate.secondsLeft(100, 500, 10)).toBeCloseTo(400 + 4 * 100)
    expect(estimate.secondsLeft(100, 450, 10)).toBeCloseTo(350 + 4 * 100)
    train(11, 10, null)
    expect(estimate.secondsLeft(110, 500, 10)).toBeCloseTo(390 + 4 * 100)
    const without = new ProgressEstimate({ every: 0, last: false })
    without.addStep(step(1000))
    expect(without.secondsLeft(1, 11, 10)).toBeCloseTo(10)
  })
})
