import { expect, it } from 'vitest'
import { isTested, type Summary } from '../../../renderer/run-list/run-state'

it('a test can be left out while one goes on, and at no other time', () => {
  const progress = { phase: 'train', step: 3, steps: 9, stepsPerEpoch: 9, stepMs: 4, secondsLeft: 1, memoryBytes: null } as const
  const run = (state: Summary['state'], phase: Summary['progress']['phase']): boolean =>
    isTested({ state, progress: { ...progress, phase } })
  expect([run('running', 'train'), run('running', 'compile'), run('queued', 'queued'), run('done', 'ended')]).toEqual(
    Array(4).fill(false),
  )
  expect([run('running', 'evaluate'), run('paused', 'evaluate')]).toEqual([true, false])
})
