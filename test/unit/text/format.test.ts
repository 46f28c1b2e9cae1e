import { expect, it } from 'vitest'
import { figure } from '../../../main/text/format'

it('a number that is nothing is told as 0, as in the pages', () => {
  expect([0, -0, 1, 0.0123, 1e-9, NaN].map(figure)).toEqual(['0', '0', '1.000', '0.01230', '1.00e-9', 'NaN'])
})
