import { expect, test } from 'vitest'
import { limitBursts } from '../../../renderer/lab/bursts'

/** When calls are let through that all come at once, by a clock that only sleeping moves, and which wakes `early` ms too early. */
async function timesOf(calls: number, early = 0): Promise<number[]> {
  let now = 0
  const turn = limitBursts(
    3,
    1000,
    () => now,
    (ms) => {
      now += Math.max(1, ms - early)
      return Promise.resolve()
    },
  )
  return Promise.all(Array.from({ length: calls }, () => turn().then(() => now)))
}

test('what is asked for at once is let through in its order, three within a second', async () => {
  expect(await timesOf(3)).toEqual([0, 0, 0])
  expect(await timesOf(8)).toEqual([0, 0, 0, 1000, 1000, 1000, 2000, 2000])
})

test('a timer that rings early is waited for again', async () => {
  for (const [index, time] of (await timesOf(9, 5)).entries()) expect(time).toBeGreaterThanOrEqual(1000 * Math.floor(index / 3))
})
