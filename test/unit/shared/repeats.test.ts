import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countSpans, meanCurve, repeatsOf } from '../../../shared/repeats'
import { samplesOf, seedGroups, seedWords } from '../../../shared/seed-groups'

describe('repeats', () => {
  it('have the mean and the sample deviation of what was measured', () => {
    expect(repeatsOf([1, 2, 3, null, NaN])).toEqual({ mean: 2, deviation: 1, count: 3 })
    expect(repeatsOf([5])).toEqual({ mean: 5, deviation: null, count: 1 })
    expect(repeatsOf([null, Infinity, undefined])).toBeNull()
  })

  it('of equal values are that value to the last bit, without spread', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 2, max: 30 }), (value, count) => {
        expect(repeatsOf(new Array<number>(count).fill(value))).toEqual({ mean: value + 0, deviation: 0, count })
      }),
    )
  })
})

describe('a mean curve', () => {
  it('goes on where one run is shorter, without width, and says where n = 1', () => {
    const curve = meanCurve([
      { at: [1, 2, 3], y: [1, 1, 1] },
      { at: [1, 2, 3, 4, 5], y: [3, 3, 3, 3, 3] },
    ])
    expect([...curve.mean]).toEqual([2, 2, 2, 3, 3])
    expect(curve.high[2]! - curve.low[2]!).toBeCloseTo(2 * Math.SQRT2)
    expect([...curve.low.slice(3), ...curve.high.slice(3)]).toEqual([3, 3, 3, 3])
    expect(countSpans(curve)).toEqual([
      { from: 1, to: 3, count: 2 },
      { from: 4, to: 5, count: 1 },
    ])
  })

  it('holds values of the same place against each other, measured at every step or at every tenth', () => {
    const { at, mean, count } = meanCurve([
      { at: [1, 2, 3], y: [1, NaN, 3] },
      { at: [1, 3], y: [3, 5] },
    ])
    expect([...at]).toEqual([1, 2, 3])
    expect([...mean]).toEqual([2, NaN, 4])
    expect([...count]).toEqual([2, 0, 2])
    expect(countSpans({ at, count })).toEqual([{ from: 1, to: 3, count: 2 }])
    expect(meanCurve([]).at).toHaveLength(0)
  })
})

describe('groups over seeds', () => {
  const run = (id: number, seed: number, more: Record<string, number> = {}, network = 'plain:blocks=3', step = 9) => ({
    ...{ id, preset: network, network, unitCount: 9, parameters: 100, progress: { step } },
    settings: { seed, 'training.rate': 0.1, ...more },
  })
  it('hold what differs in the seed alone, and are told by what differs between them', () => {
    const groups = seedGroups([run(1, 1), run(2, 1, { 'training.rate': 0.2 }), run(3, 2), run(4, 1, {}, 'resnet:blocks=3')])
    expect(groups.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['#1 plain:blocks=3 · rate 0.1', [1, 3]],
      ['#2 plain:blocks=3 · rate 0.2', [2]],
      ['#4 resnet:blocks=3', [4]],
    ])
  })
  it('do not hang on the order in which settings stand', () => {
    const turned = { ...run(2, 2), settings: { 'training.rate': 0.1, seed: 2 } }
    expect(seedGroups([run(1, 1), turned])).toHaveLength(1)
  })

  it('count a seed once: of runs that repeat each other the one that went farthest, the newest of those', () => {
    const runs = [run(1, 1, {}, 'plain:blocks=3', 4), run(2, 2), run(3, 1), run(4, 1), run(5, 3)]
    const [group] = seedGroups(runs)
    expect(group!.runs.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(group!.samples.map(({ id }) => id)).toEqual([2, 4, 5])
    const others = [run(6, 1), run(7, 1, { 'training.rate': 0.2 })]
    expect(samplesOf(others)).toEqual(others)
  })
})

it('a seed that a group has twice is told', () => {
  expect(seedWords([1, 2, 2, 3].map((seed) => ({ seed })))).toBe('1, 2 (twice), 3')
})
