import { describe, expect, it } from 'vitest'
import { withinWords } from '../../../shared/norms/bound'
import { doubtedText, doubtsOf } from '../../../shared/run-doubts'

const run = (step: number, loss: number, ratiosNotFinite: number | null) =>
  ({ last: { step, loss }, measures: { ratiosNotFinite } }) as unknown as Parameters<typeof doubtsOf>[0]

describe('what speaks against a run’s numbers', () => {
  it('is told whatever its state says', () => {
    expect(doubtsOf(run(20, 3e23, 2))).toEqual(['loss 3.0e23', 'ratios not finite in the last epoch'])
    expect(doubtsOf(run(20, NaN, null))).toEqual(['loss not finite'])
    expect(doubtsOf(run(20, 0, 12))).toEqual(['ratios not finite in the last epoch'])
  })

  it('is nothing of a run that learns, or that has not begun', () => {
    expect(doubtsOf(run(20, 2.31, 0))).toEqual([])
    expect(doubtsOf(run(0, NaN, null))).toEqual([])
  })

  it('stands beneath a table of runs, by their numbers', () => {
    const runs = [run(20, 2.31, 0), run(20, NaN, 3), run(20, 2000, 0)].map((one, i) => ({ ...one, id: i + 1 }))
    expect(doubtedText(runs).trim().split('\n').slice(1)).toEqual([
      '#2: loss not finite, ratios not finite in the last epoch',
      '#3: loss 2.0e3',
    ])
    expect(doubtedText(runs.slice(0, 1))).toBe('')
  })
})

describe('a share within the bound', () => {
  it('says of how many blocks it is', () => {
    expect(withinWords([1, 1.1, 3], 0.2)).toBe('67 % of 3 blocks')
    expect(withinWords([NaN, 2, Infinity], 0.2)).toBe('0 % of 1 block; 2 more not finite')
    expect(withinWords([NaN, NaN], 0.2)).toBe('none of 2 finite')
    expect(withinWords([], 0.2)).toBe('–')
  })
})
