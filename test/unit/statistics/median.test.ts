import { expect, it } from 'vitest'
import { median } from '../../../shared/statistics/median'

it('the median is the middle of the values in their order, the lower one of an even number', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(median([])).toBeNull()
})
