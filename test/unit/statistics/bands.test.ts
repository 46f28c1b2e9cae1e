import { expect, it } from 'vitest'
import { bandOf, meanCurve } from '../../../shared/repeats'
import { bootstrapInterval } from '../../../shared/statistics/bootstrap'

const columns = [1, 4, 2].map((y) => ({ at: [1, 2], y: [y, 2 * y] }))

it('a band is one deviation, or the bootstrap’s interval, the same resamples at every place', () => {
  const { low, high } = meanCurve(columns, 'bootstrap')
  expect([low[0], high[0]]).toEqual(bootstrapInterval([1, 4, 2]))
  expect([low[1], high[1]]).toEqual([2 * low[0]!, 2 * high[0]!])
  expect(meanCurve(columns).high[0]).toBeCloseTo(7 / 3 + Math.sqrt(7 / 3))
})

it('one value has a band without width, and none has none', () => {
  expect(bandOf([3], 'bootstrap')).toEqual([3, 3])
  expect(bandOf([], 'bootstrap')).toEqual([NaN, NaN])
})
