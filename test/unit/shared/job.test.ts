import { expect, it } from 'vitest'
import { Pace } from '../../../shared/job'

it('tells the seconds left of a job once its pace says something', () => {
  let now = 0
  const pace = new Pace(() => now)
  const left = (done: number, seconds: number): number | null => {
    now = seconds * 1000
    return pace.secondsLeft({ phase: 'decomposing', done, total: 10_000 })
  }
  expect(left(0, 0)).toBeNull()
  // One ten-thousandth in four seconds would stand for eleven hours.
  expect(left(1, 4)).toBeNull()
  expect(left(100, 0.4)).toBeNull()
  expect(left(2_500, 10)).toBeCloseTo(30)
  expect(left(10_000, 40)).toBeNull()
})
