import { describe, expect, it } from 'vitest'
import { rateAt, totalSteps } from '../../../main/engine/training/schedule'

describe('the learning rate', () => {
  const recipe = { rate: 0.1, milestones: [150, 225], factor: 0.1 }
  it.each([
    [0, 0.1],
    [149.99, 0.1],
    [150, 0.01],
    [224, 0.01],
    [225, 0.001],
    [300, 0.001],
  ])('after %f epochs is %f by the paper’s recipe', (epochs, rate) => expect(rateAt(recipe, epochs)).toBeCloseTo(rate, 12))

  it('does not mind the order of the milestones, nor one at the start, nor none', () => {
    expect(rateAt({ ...recipe, milestones: [225, 150] }, 200)).toBeCloseTo(0.01, 12)
    expect(rateAt({ ...recipe, milestones: [0] }, 0)).toBeCloseTo(0.01, 12)
    expect(rateAt({ ...recipe, milestones: [] }, 1000)).toBe(0.1)
    expect(rateAt({ ...recipe, milestones: [0.5] }, 0.5)).toBeCloseTo(0.01, 12)
  })
})

describe('the steps of a run', () => {
  it('are those of its epochs, or its limit where that comes first', () => {
    expect(totalSteps({ epochs: 3 }, 10)).toBe(30)
    expect(totalSteps({ epochs: 3, steps: 25 }, 10)).toBe(25)
    expect(totalSteps({ epochs: 3, steps: 31 }, 10)).toBe(30)
  })
})
