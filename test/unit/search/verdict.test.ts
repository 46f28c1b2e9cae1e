import { describe, expect, it } from 'vitest'
import { readSpace } from '../../../shared/search/read-space'
import { Search } from '../../../shared/search/search'
import { type Compared, searchVerdict, verdictSentences } from '../../../shared/search/verdict'

const search = Search.parse({ space: readSpace('rate=1e-3..1'), objective: { measure: 'testAccuracy' }, trials: 3 })
const trial = (number: number, mean: number, deviation: number | null): Compared => ({
  ...{ trial: number, score: -mean, repeats: { mean, deviation, count: deviation === null ? 1 : 3 } },
})

describe('the verdict of a search', () => {
  it('tells the best from the second where they lie farther apart than both deviations', () => {
    const told = searchVerdict(search, [trial(1, 0.7, 0.01), trial(2, 0.8, 0.02), trial(3, 0.6, 0.5)])!
    expect(told).toMatchObject({ best: { trial: 2 }, second: { trial: 1 }, finding: 'apart', compared: 3 })
    expect(searchVerdict(search, [trial(1, 0.78, 0.01), trial(2, 0.8, 0.02)])!.finding).toBe('within the noise')
  })
  it('knows nothing of noise where there are no repeats, or no second', () => {
    const told = searchVerdict(search, [trial(1, 0.7, null), trial(2, 0.9, null)], 9)!
    expect(told.finding).toBe('unknown')
    const sentences = verdictSentences(
      search,
      told,
      () => ({ 'training.rate': 0.1 }),
      ({ mean }) => String(mean),
    )
    expect(sentences[0]).toBe('Best by test accuracy: trial 2 (rate 0.1) with 0.9.')
    expect(sentences[2]).toContain('it is not known whether the best is better than the second')
    expect(sentences[3]).toContain('It is the best of 9 trials, chosen by the figure that is told here')
    expect(searchVerdict(search, [])).toBeNull()
    expect(searchVerdict(search, [trial(1, 0.7, 0.1)])).toMatchObject({ second: null, finding: 'unknown' })
  })
})
