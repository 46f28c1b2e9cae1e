import fs from 'node:fs'
import { Training } from '../../../shared/configuration'
import { describe, expect, it } from 'vitest'
import { totalSteps } from '../../../shared/run-length'
import { SCHEDULE_NAMES, schedules } from '../../../shared/schedules'
import { prolonged, rateAt, scheduleChange } from '../../../shared/schedules/rate'

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

  const course = (change: Partial<Training>, total: number): number[] =>
    Array.from({ length: total }, (_, step) => rateAt({ ...settings, rate: 1, ...change }, step + 1, 5, total))
  const to6 = (rates: readonly number[]): number[] => rates.map((rate) => Number(rate.toFixed(6)))

  it('of a cosine is that of PyTorch’s CosineAnnealingLR', () => {
    expect(to6(course({ schedule: 'cosine' }, 10))).toEqual([1, 0.975528, 0.904508, 0.793893, 0.654508, 0.5, 0.345492, 0.206107, 0.095492, 0.024472]) // prettier-ignore
    expect(to6(course({ schedule: 'cosine', finalRate: 0.2 }, 4))).toEqual([1, 0.882843, 0.6, 0.317157])
  })

  it('of one cycle is that of PyTorch’s OneCycleLR', () => {
    expect(to6(course({ schedule: 'one-cycle' }, 10))).toEqual([0.04, 0.52, 1, 0.950485, 0.811746, 0.611262, 0.388742, 0.188258, 0.049519, 0.000004]) // prettier-ignore
    expect(course({ schedule: 'one-cycle', finalRate: 0.1 }, 10)[9]).toBeCloseTo(0.1, 12)
  })

  it('of one cycle is at its highest the rate itself, and no step of either is without one, whatever the length', () => {
    for (let total = 1; total <= 60; total++)
      for (const warmup of [0, 0.2, 0.4, 1, 3])
        for (const peakAt of [0, 0.1, 0.3, 0.5, 1]) {
          const cycle = course({ schedule: 'one-cycle', peakAt, warmup }, total)
          if (warmup * 5 < total) expect(Math.max(...cycle)).toBe(1)
          expect(Math.min(...cycle)).toBeGreaterThan(0)
          expect(Math.min(...course({ schedule: 'cosine', warmup }, total))).toBeGreaterThan(0)
        }
  })

  it('rises in a straight line over the warm-up, to a top that comes once', () => {
    const warm = course({ schedule: 'cosine', warmup: 0.4 }, 10)
    expect(warm.slice(0, 2)).toEqual([0.5, 1])
    expect(to6(warm.slice(2))).toEqual(to6(course({ schedule: 'cosine' }, 9).slice(1)))
    expect(course({ warmup: 1 }, 7)).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1, 1])
    expect(to6(course({ schedule: 'one-cycle', warmup: 0.4 }, 12)).slice(0, 2)).toEqual([0.02, 0.04])
  })

  it('of a run of the first form is what it was', () => {
    const cosine = (step: number): number => rateAt({ ...settings, scheduleForm: 1, schedule: 'cosine', finalRate: 0.1 }, step, 10, 101) // prettier-ignore
    expect(cosine(1)).toBeCloseTo(0.1, 12)
    expect(cosine(51)).toBeCloseTo(0.055, 12)
    expect(cosine(26)).toBeCloseTo(0.01 + 0.045 * (1 + Math.SQRT1_2), 12)
    expect(cosine(101)).toBeCloseTo(0.01, 12)
    expect(to6(course({ scheduleForm: 1, schedule: 'one-cycle' }, 10)).slice(0, 4)).toEqual([0.04, 0.329882, 0.849396, 0.994415])
    expect(to6(course({ scheduleForm: 1, schedule: 'cosine', warmup: 0.4 }, 10)).slice(0, 4)).toEqual([0.5, 1, 1, 0.950484])
    expect(course({ scheduleForm: 1, schedule: 'cosine' }, 10)[9]).toBe(0)
  })

  it('goes on as it was behind the schedule’s horizon', () => {
    const kept = course({ schedule: 'cosine', horizon: 10 }, 20)
    expect(kept.slice(0, 10)).toEqual(course({ schedule: 'cosine' }, 10))
    expect(new Set(kept.slice(9)).size).toBe(1)
  })

  it('is defined for a run of one step, and for one that is all warm-up', () => {
    for (const schedule of SCHEDULE_NAMES) {
      expect(rateAt({ ...settings, schedule }, 1, 1, 1)).toBeGreaterThan(0)
      expect(rateAt({ ...settings, schedule, warmup: 9 }, 10, 10, 10)).toBeGreaterThan(0)
    }
  })
})

describe('a run that is given another length', () => {
  const asked = (schedule: Training['schedule'], keeps: boolean, done = 10): string | undefined => {
    const before = { ...settings, rate: 1, schedule, epochs: 2, milestones: [3] }
    return scheduleChange(before, prolonged(before, { epochs: 4 }, keeps, 5), done, 5)
  }

  it('tells where its rate jumps', () => {
    expect(asked('cosine', false)).toBe(
      'the run gets 20 steps in place of 10, and the cosine is stretched over them: the rate goes from 0.0244717 at step 10 to 0.5 at step 11',
    )
    expect(asked('one-cycle', false)).toContain('the rate goes from 0.000004 at step 10 to ')
    expect(asked('cosine', false, 4)).toContain('from 0.793893 at step 4 to 0.904508 at step 5')
  })

  it('tells where a run that is all warm-up gets more steps', () => {
    const before = { ...settings, rate: 1, warmup: 4, steps: 2 }
    const longer = prolonged(before, { steps: 30 }, false, 5)
    expect([2, 3].map((step) => rateAt(longer, step, 5, 30))).toEqual([0.1, 0.15])
    expect(scheduleChange(before, longer, 2, 5)).toBe(
      'the run gets 30 steps in place of 2, and the warm-up is stretched over them: the rate goes from 1 at step 2 to 0.15 at step 3',
    )
    expect(scheduleChange({ ...before, warmup: 0.4 }, { ...longer, warmup: 0.4 }, 2, 5)).toBeUndefined()
  })

  it('tells what it keeps, and has the rates that it told', () => {
    expect(asked('cosine', true)).toBe(
      'the run gets 20 steps in place of 10: the cosine keeps its end at step 10, and its last rate, 0.0244717, goes on',
    )
    const before = { ...settings, rate: 1, schedule: 'cosine' as const, epochs: 2 }
    const kept = prolonged(before, { epochs: 4 }, true, 5)
    expect(kept).toMatchObject({ epochs: 4, horizon: 10 })
    // A second time too: its schedule has ended already.
    expect(prolonged(kept, { epochs: 6 }, true, 5)).toMatchObject({ epochs: 6, horizon: 10 })
    expect(rateAt(kept, 20, 5, 20)).toBe(rateAt(before, 10, 5, 10))
  })

  it('says nothing where milestones rule, nothing was done, or the length is what it was', () => {
    expect(asked('steps', false)).toBeUndefined()
    expect(asked('steps', true)).toBeUndefined()
    expect(asked('cosine', false, 0)).toBeUndefined()
    expect(scheduleChange({ ...settings, schedule: 'cosine' }, { ...settings, schedule: 'cosine' }, 3, 5)).toBeUndefined()
  })

  it('loses its limit in steps where it is given epochs alone', () => {
    expect(prolonged({ ...settings, steps: 7 }, { epochs: 4 }, false, 5)).not.toHaveProperty('steps')
    expect(prolonged({ ...settings, steps: 7 }, { steps: 9 }, false, 5)).toMatchObject({ steps: 9, epochs: 2 })
    expect(prolonged({ ...settings, steps: 7 }, {}, false, 5)).toMatchObject({ steps: 7 })
  })
})

describe('the steps of a run', () => {
  it('are those of its epochs, or its limit where that comes first', () => {
    expect(totalSteps({ epochs: 3 }, 10)).toBe(30)
    expect(totalSteps({ epochs: 3, steps: 25 }, 10)).toBe(25)
    expect(totalSteps({ epochs: 3, steps: 31 }, 10)).toBe(30)
  })
})

describe('each schedule', () => {
  it('is in the guide, with the settings that it reads', () => {
    const rows = fs.readFileSync('docs/runs.md', 'utf8').split('\n')
    for (const name of SCHEDULE_NAMES) {
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`))
      expect(schedules[name].name).toBe(name)
      for (const setting of schedules[name].settings) expect(row, name).toContain(`\`${setting}\``)
    }
  })
})
