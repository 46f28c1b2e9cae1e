import { Training } from '../../../shared/configuration'
import { describe, expect, it } from 'vitest'
import { rateAt, totalSteps } from '../../../main/engine/training/schedule'

const settings = Training.parse({ rate: 0.1 })
/** After so many epochs of ten steps. */
const after = (epochs: number, change: Partial<Training>, total = 3000): number =>
  rateAt({ ...settings, ...change }, Math.round(epochs * 10) + 1, 10, total)

describe('the learning rate', () => {
  const recipe = { milestones: [150, 225], factor: 0.1 }
  it.each([
    [0, 0.1],
    [149.9, 0.1],
    [150, 0.01],
    [224, 0.01],
    [225, 0.001],
    [299.9, 0.001],
  ])('after %f epochs is %f by the paper’s recipe', (epochs, rate) => expect(after(epochs, recipe)).toBeCloseTo(rate, 12))

  it('does not mind the order of the milestones, nor one at the start, nor none', () => {
    expect(after(200, { ...recipe, milestones: [225, 150] })).toBeCloseTo(0.01, 12)
    expect(after(0, { ...recipe, milestones: [0] })).toBeCloseTo(0.01, 12)
    expect(after(299, { ...recipe, milestones: [] })).toBe(0.1)
    expect(after(0.5, { ...recipe, milestones: [0.5] })).toBeCloseTo(0.01, 12)
  })

  it('falls along half a cosine, from the first step to the last', () => {
    const cosine = (step: number): number => rateAt({ ...settings, schedule: 'cosine', finalRate: 0.1 }, step, 10, 101)
    expect(cosine(1)).toBeCloseTo(0.1, 12)
    expect(cosine(51)).toBeCloseTo(0.055, 12)
    expect(cosine(26)).toBeCloseTo(0.01 + 0.045 * (1 + Math.SQRT1_2), 12)
    expect(cosine(101)).toBeCloseTo(0.01, 12)
  })

  it('rises to the peak of one cycle and falls behind it', () => {
    const cycle = (step: number): number => rateAt({ ...settings, schedule: 'one-cycle', peakAt: 0.3 }, step, 10, 101)
    expect(cycle(1)).toBeCloseTo(0.004, 12)
    expect(cycle(16)).toBeCloseTo(0.052, 12)
    expect(cycle(31)).toBeCloseTo(0.1, 12)
    expect(cycle(66)).toBeCloseTo(0.05, 12)
    expect(cycle(101)).toBeCloseTo(0, 12)
  })

  it('rises in a straight line over the warm-up, to where the schedule begins', () => {
    const warm = (step: number): number => rateAt({ ...settings, schedule: 'cosine', warmup: 2 }, step, 10, 101)
    expect([1, 10, 20].map(warm)).toEqual([0.005, 0.05, 0.1])
    expect(warm(21)).toBeCloseTo(0.1, 12)
    expect(warm(61)).toBeCloseTo(0.05, 12)
    expect(warm(101)).toBeCloseTo(0, 12)
  })

  it('is defined for a run of one step, and for one that is all warm-up', () => {
    for (const schedule of ['steps', 'cosine', 'one-cycle'] as const) {
      expect(rateAt({ ...settings, schedule }, 1, 1, 1)).toBeGreaterThan(0)
      expect(rateAt({ ...settings, schedule, warmup: 9 }, 10, 10, 10)).toBeGreaterThan(0)
    }
  })
})

describe('the steps of a run', () => {
  it('are those of its epochs, or its limit where that comes first', () => {
    expect(totalSteps({ epochs: 3 }, 10)).toBe(30)
    expect(totalSteps({ epochs: 3, steps: 25 }, 10)).toBe(25)
    expect(totalSteps({ epochs: 3, steps: 31 }, 10)).toBe(30)
  })
})
