import { describe, expect, it } from 'vitest'
import { mapAxes, measureMaps } from '../../../renderer/experiments/measure-map'
import type { Combination } from '../../../renderer/experiments/statistics'

const rates = ['a', 'b', 'c']
const depths = ['4', '8', '16']
/** Two seeds of each; run 10·place and one more. */
const combinations: Combination[] = depths.flatMap((depth, d) =>
  rates.flatMap((rate, r) =>
    ['plain', 'with'].map((exponent, e) => {
      const run = 100 * e + 10 * d + r
      return { labels: [depth, rate, exponent], cells: [1, 2].map((seed) => ({ seed, run: run + (seed - 1) * 1000 })) }
    }),
  ),
)
/** The best rate goes down by one a depth in the plain nets, and stays in the others; the greatest rate of the deepest plain net diverged. */
const loss = (run: number): number | null => {
  const [e, d, r] = [Math.floor((run % 1000) / 100), Math.floor((run % 100) / 10), run % 10]
  if (e === 0 && d === 2 && r === 2) return null
  return 1 + Math.abs(r - (e === 0 ? 2 - d : 1)) + (run >= 1000 ? 0.1 : 0)
}

describe('a map of a measure', () => {
  it('is over the first two axes that have variants enough, and over none where there are not two', () => {
    expect(mapAxes(combinations)).toEqual([0, 1])
    expect(mapAxes(combinations.map(({ labels, cells }) => ({ labels: labels.slice(1), cells })))).toBeUndefined()
    expect(mapAxes([])).toBeUndefined()
  })

  it('has one table for each variant of the other axes, with the best of each row and where it stands among all', () => {
    const { columns, maps } = measureMaps(combinations, [0, 1], { better: 'low' }, loss, () => true)
    expect(columns).toEqual(rates)
    expect(maps.map(({ at }) => at)).toEqual([['plain'], ['with']])
    const best = maps.map(({ rows }) => rows.map(({ cells }) => cells.findIndex(({ isBestOfRow }) => isBestOfRow)))
    expect(best).toEqual([
      [2, 1, 0],
      [1, 1, 1],
    ])
    expect(maps[1]!.rows[0]!.cells[1]!.repeats).toMatchObject({ mean: 1.05, count: 2 })
    expect(maps[0]!.rows[0]!.cells[0]!.rank).toBe(0)
    expect(maps[0]!.rows[2]!.cells[2]).toEqual({ repeats: null, runs: 2, rank: null, isBestOfRow: false })
  })

  it('frames the best by all seeds of it: none that lacks one, and of ratios by the mean |ln| rather than that of the mean', () => {
    const framed = (better: 'low' | 'near one', values: readonly (readonly (number | null)[])[], done = true): boolean[] => {
      const row = values.map((own, c) => ({
        labels: ['a', String(c)],
        cells: own.map((_, seed) => ({ seed, run: 10 * c + seed })),
      }))
      const valueOf = (run: number): number | null => values[Math.floor(run / 10)]![run % 10]!
      const { maps } = measureMaps(row, [0, 1], { better }, valueOf, (run) => done || run % 10 > 0)
      return maps[0]!.rows[0]!.cells.map(({ isBestOfRow }) => isBestOfRow)
    }
    const whole = [[0.1, 0.11, 0.12], [0.2, 0.21, 0.22]] // prettier-ignore
    expect(framed('low', [...whole, [0.09, null, null]])).toEqual([true, false, false])
    expect(framed('near one', [[0.1, 1.9], [0.9, 0.9]])).toEqual([false, true]) // prettier-ignore
    expect(framed('low', whole, false)).toEqual([false, false])
  })
})
