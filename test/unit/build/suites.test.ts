import { expect, it } from 'vitest'
import { rounds, SUITES } from '../../../build/suites'

it('runs the clusters’ tests beside the integration tests and kills beside the journeys, and by themselves where only they are asked for', () => {
  expect(rounds(SUITES)).toEqual([['unit'], ['golden'], ['integration', 'cluster'], ['e2e', 'faults']])
  expect(rounds(['cluster'])).toEqual([['cluster']])
  expect(rounds(['faults'])).toEqual([['faults']])
  expect(rounds(['integration'])).toEqual([['integration']])
})
