import { describe, expect, it } from 'vitest'
import { RECENT_STEPS, RunRecords } from '../../../renderer/runs/run-records'
import type { EpochRecord, StepRecord } from '../../../shared/records'
import { curvesOf } from '../support/curves'

const step = (number: number, epoch: number, norms: number[]): StepRecord => ({
  step: number,
  epoch,
  loss: 2 / number,
  accuracy: 0.5,
  rate: 0.1,
  ms: 10,
  norms: Float32Array.from(norms),
})
const epoch = (number: number, firstStep: number, lastStep: number): EpochRecord => {
  const ratios = Float32Array.from([2, 2])
  const none = { trainLoss: 1, trainAccuracy: 0.5, testLoss: null, testAccuracy: null, seconds: 1 }
  return { epoch: number, firstStep, lastStep, ...none, ratios: { mean: ratios, min: ratios, max: ratios } }
}

describe('the records of a run', () => {
  it('take stored and live steps that overlap once', () => {
    const records = new RunRecords()
    records.addCurves(curvesOf([1, 2, 3], { loss: [3, 2, 1] }))
    records.addSteps([step(2, 1, [4, 2, 1]), step(3, 1, [8, 2, 1])])
    records.addSteps([step(3, 1, [8, 2, 1]), step(4, 1, [9, 3, 1])])
    expect([...records.step.view()]).toEqual([1, 2, 3, 4])
    expect(records.latest?.step).toBe(4)
    expect([...records.latestRatios!]).toEqual([3, 3])
    expect(records.recent.map(({ label }) => label)).toEqual([2, 3, 4])
  })

  it('gather mean, smallest and largest ratio of the open epoch, leaving out what is no number', () => {
    const records = new RunRecords()
    records.addSteps([step(1, 1, [2, 1, 1]), step(2, 1, [6, 2, 1]), step(3, 1, [1, 0, 1])])
    const open = records.openEpoch!
    expect([open.firstStep, open.lastStep]).toEqual([1, 3])
    expect([...open.mean].map((value) => Number(value.toFixed(3)))).toEqual([2.5, 1])
    expect([...open.min]).toEqual([2, 0])
    expect([...open.max]).toEqual([3, 2])
  })

  it('close the open epoch when its record comes, and open the next', () => {
    const records = new RunRecords()
    records.addSteps([step(1, 1, [2, 1, 1]), step(2, 1, [2, 1, 1]), step(3, 2, [2, 1, 1])])
    records.addEpochs([epoch(1, 1, 2)])
    expect(records.epochRows().map(({ label }) => label)).toEqual([1, 2])
    records.addEpochs([epoch(2, 3, 3)])
    expect(records.openEpoch).toBeNull()
    expect(records.epochRows().map(({ label }) => label)).toEqual([1, 2])
  })

  it('tell the time of training and tests, whatever lay between a pause and the next step', () => {
    const records = new RunRecords()
    expect(records.seconds).toBe(0)
    records.addSteps([step(1, 1, [2, 1, 1]), step(2, 1, [2, 1, 1]), step(3, 2, [2, 1, 1]), step(4, 2, [2, 1, 1])])
    records.addEpochs([epoch(1, 1, 2)])
    // An epoch of a second, and two steps of 10 ms since.
    expect(records.seconds).toBeCloseTo(1.02, 12)
    records.addEpochs([epoch(2, 3, 4)])
    expect(records.seconds).toBe(2)
  })

  it('keep the ratios of the newest steps only', () => {
    const records = new RunRecords()
    records.addSteps(Array.from({ length: RECENT_STEPS + 10 }, (_, i) => step(i + 1, 1, [2, 1])))
    expect(records.recent).toHaveLength(RECENT_STEPS)
    expect(records.recent[0]!.label).toBe(11)
    expect(records.step.length).toBe(RECENT_STEPS + 10)
  })
})
