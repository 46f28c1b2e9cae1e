import { describe, expect, it } from 'vitest'
import { measureOf } from '../../../shared/measures'
import { badnessOver } from '../../../shared/measures/best'
import { repeatsOf } from '../../../shared/repeats'
import { readSpace } from '../../../shared/search/read-space'
import { Search } from '../../../shared/search/search'
import { type Compared, searchVerdict, verdictSentences } from '../../../shared/search/verdict'

const search = Search.parse({ space: readSpace('rate=1e-3..1'), objective: { measure: 'testAccuracy' }, trials: 3 })
const trial = (number: number, mean: number, deviation: number | null): Compared => ({
  ...{ trial: number, repeats: { mean, deviation, count: deviation === null ? 1 : 3 } },
  badness: { mean: -mean, deviation, count: deviation === null ? 1 : 3 },
})
const byRatio = Search.parse({ ...search, objective: { measure: 'chainRatio' } })
const ratios = (number: number, ...values: number[]): Compared => {
  return { trial: number, repeats: repeatsOf(values)!, badness: badnessOver(measureOf('chainRatio'), values)! }
}

describe('the verdict of a search', () => {
  it('tells the best from the second where they lie farther apart than both deviations', () => {
    const told = searchVerdict([trial(1, 0.7, 0.01), trial(2, 0.8, 0.02), trial(3, 0.6, 0.5)])!
    expect(told).toMatchObject({ best: { trial: 2 }, second: { trial: 1 }, finding: 'apart', compared: 3 })
    expect(searchVerdict([trial(1, 0.78, 0.01), trial(2, 0.8, 0.02)])!.finding).toBe('within the noise')
  })
  it.each<[number[], number[], string]>([
    [[0.02, 0.03], [0.018, 0.027], 'within the noise'],
    [[1000, 1100], [20000, 22000], 'apart'],
    // As far from 1 as each other, whichever side of it; and one whose mean is 1 while its seeds are not.
    [[0.001, 0.0011], [1000, 1100], 'within the noise'],
    [[0.9, 0.9], [0.1, 1.9], 'apart'],
  ])('judges ratios of %j against %j by |ln| of each seed’s', (first, second, finding) => {
    const told = searchVerdict([ratios(1, ...first), ratios(2, ...second)])!
    expect(told.finding).toBe(finding)
    const bad = (trial: number) => badnessOver(measureOf('chainRatio'), trial === 1 ? first : second)!.mean
    expect(bad(told.best.trial)).toBeLessThanOrEqual(bad(told.second!.trial))
    const sentences = verdictSentences(byRatio, told, () => ({ 'training.rate': 0.1 }), ({ mean }) => String(mean)) // prettier-ignore
    expect(sentences[2]).toContain('|ln chain ratio|')
  })
  it('leaves out no seed without a value, which would be the worst', () => {
    expect(badnessOver(measureOf('chainRatio'), [1.1, 0])).toBeNull()
    expect(badnessOver(measureOf('trainLoss'), [1, null, 2])).toBeNull()
  })
  it('knows nothing of noise where there are no repeats, or no second', () => {
    const told = searchVerdict([trial(1, 0.7, null), trial(2, 0.9, null)], 9)!
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
    expect(searchVerdict([])).toBeNull()
    expect(searchVerdict([trial(1, 0.7, 0.1)])).toMatchObject({ second: null, finding: 'unknown' })
  })
})
