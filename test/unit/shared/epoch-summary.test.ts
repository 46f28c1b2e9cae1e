import { expect, it } from 'vitest'
import { EpochSummary } from '../../../shared/measures/epoch-summary'
import { missingWords } from '../../../shared/measures/missing-words'
import { chainRatio, ratios } from '../../../shared/norms/ratio'

const step = (number: number, loss: number, norms: number[]) => ({ step: number, epoch: 2, loss, accuracy: loss / 10, rate: 0.1, ms: 1, norms: Float32Array.from(norms) }) // prettier-ignore

it('holds mean, least and greatest ratio of each unit, and the means of loss and accuracy', () => {
  const summary = new EpochSummary(2, 2)
  expect(summary.isEmpty).toBe(true)
  summary.add(step(4, 1, [4, 2, 1]))
  summary.add(step(5, 2, [1, 2, 4]))
  summary.add(step(6, 6, [3, 3, 1]))
  expect(summary.isEmpty).toBe(false)
  expect(summary.record({ loss: 0.5, accuracy: 0.75 }, 3)).toMatchObject({
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
  expect(summary.record(null, 3)).toMatchObject({ testLoss: null, testAccuracy: null })
})

it('leaves out and counts the ratios that are not finite; of a unit that never had another one there is no number', () => {
  const summary = new EpochSummary(1, 3)
  summary.add(step(1, 1, [1, 2, 0, 0]))
  summary.add(step(2, 1, []))
  summary.add(step(3, 1, [1, 1, 1, 0]))
  summary.add(step(4, 1, [3, 1, 2, 0]))
  const { measured, ratios } = summary.record(null, 1)
  expect(measured).toBe(3)
  expect(ratios).toEqual({
    mean: Float32Array.of((0.5 + 1 + 3) / 3, (1 + 0.5) / 2, NaN),
    min: Float32Array.of(0.5, 0.5, NaN),
    max: Float32Array.of(3, 1, NaN),
    notFinite: Float32Array.of(0, 1, 3),
  })
})

it('says the same of an epoch that was put aside in the middle', () => {
  const steps = [step(1, 1, [1, 2, 0]), step(2, 2, [3, 1, 1]), step(3, 3, [2, 0, 0])]
  const whole = new EpochSummary(1, 2)
  const first = new EpochSummary(1, 2)
  for (const one of steps) whole.add(one)
  first.add(steps[0]!)
  const rest = EpochSummary.restore(JSON.parse(JSON.stringify(first.save(0.5))) as ReturnType<typeof first.save>)
  for (const one of steps.slice(1)) rest.add(one)
  expect(rest.record(null, 1)).toEqual(whole.record(null, 1))
})

it('divides neighbours, and the ends for the whole chain', () => {
  expect(ratios(Float32Array.of(8, 4, 1))).toEqual(Float32Array.of(2, 4))
  expect(chainRatio(Float32Array.of(8, 4, 1))).toBe(8)
  expect(ratios(Float32Array.of(1, 0, 0))).toEqual(Float32Array.of(Infinity, NaN))
  expect(ratios(new Float32Array(0))).toHaveLength(0)
})

it('tells of a ratio beyond single precision that its norms may both be there', () => {
  const summary = new EpochSummary(2, 1)
  summary.add(step(1, 1, [1e10, 1e-32]))
  expect(missingWords(summary.record(null, 1))).toContain('is 0, or so small that single precision does not hold the ratio')
})
