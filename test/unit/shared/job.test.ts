import { expect, it } from 'vitest'
import { Pace, seldom } from '../../../shared/job'

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

it('is told of a phase ten times a second at most, and always of its beginning and its end', () => {
  let now = 0
  const told: string[] = []
  const tell = seldom(
    (phase, done, total) => told.push(`${phase} ${done}/${total}`),
    () => now,
  )
  for (; now <= 250; now += 10) tell('reading', now, 250)
  tell('testing', 0, 4)
  expect(told).toEqual(['reading 0/250', 'reading 100/250', 'reading 200/250', 'reading 250/250', 'testing 0/4'])
})
