import { expect, it } from 'vitest'
import { KeptSummaries } from '../../../main/lab/kept-summaries'
import type { StoredRun } from '../../../main/store/run-rows'
import type { RunSummary } from '../../../shared/api'

it('are told anew when a run’s row has changed, and always while it goes on', () => {
  const kept = new KeptSummaries()
  const row = (change: Partial<StoredRun> = {}) => ({ id: 1, state: 'done', name: 'a', ...change }) as StoredRun
  let times = 0
  const ask = (run: StoredRun, isLive = false): number => {
    const tell = (): RunSummary => ({ id: ++times }) as RunSummary
    return kept.of(run, isLive, tell).id
  }
  expect([ask(row()), ask(row())]).toEqual([1, 1])
  expect([ask(row({ name: 'b' })), ask(row({ name: 'b' }))]).toEqual([2, 2])
  expect([ask(row({ state: 'running' })), ask(row({ state: 'running' }))]).toEqual([3, 4])
  // It went on and ended again with an equal row: what it measured since is told.
  expect(ask(row({ name: 'b' }))).toBe(5)
  expect([ask(row(), true), ask(row(), true), ask(row())]).toEqual([6, 7, 8])
})
