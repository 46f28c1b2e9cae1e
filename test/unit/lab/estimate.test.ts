import { expect, it } from 'vitest'
import { secondsOf } from '../../../main/lab/estimate'

it('the time of a run counts the tests that it will make, and none where none is asked for', () => {
  const seconds = (every: number, last: boolean): number =>
    secondsOf({ epochs: 5, batch: 10, evaluation: { every, last } }, 2, 300, 100)
  // Ten steps of 0.1 s; a test of 300 images takes a third of 30 steps.
  const tests = [
    [0, false],
    [0, true],
    [1, true],
    [2, true],
    [2, false],
    [5, true],
  ].map(([every, last]) => seconds(every as number, last as boolean))
  expect(tests.map((all) => Math.round(10 * (all - 1)))).toEqual([0, 10, 50, 30, 20, 10])
})
