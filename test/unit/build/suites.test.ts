import { expect, it } from 'vitest'
import { rounds, SUITES } from '../../../build/suites'

it('runs the clusters’ tests beside the integration tests, and by themselves where only they are asked for', () => {
  expect(rounds(SUITES)).toEqual([['unit'], ['golden'], ['integration', 'cluster'], ['faults'], ['e2e']])
  expect(rounds(['cluster'])).toEqual([['cluster']])
  expect(rounds(['integration'])).toEqual([['integration']])
})
