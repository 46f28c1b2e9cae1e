import { afterEach, beforeEach, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { ended, openLab, temporaryHome, tiny, until } from './lab-support'

let home: string
let remove: () => void
let lab: OpenLab
beforeEach(() => {
  ;({ home, remove } = temporaryHome())
  lab = openLab(home)
})
afterEach(async () => {
  await lab.close()
  remove()
})

it('an alarm marks a run once, and another pauses it; both are on record', async () => {
  const above = { measure: 'loss', side: 'above', value: 0 } as const
  const alarms = [{ ...above, steps: 2, action: 'mark' } as const, { ...above, steps: 4, action: 'pause' } as const]
  const { id } = await lab.request('runs.start', tiny({ epochs: 100_000, alarms }))
  const paused = await until(lab, id, ({ state }) => state === 'paused')
  expect(paused.notices.map(({ kind, step }) => [kind, step])).toEqual([
    ['mark', 2],
    ['alarm', 4],
  ])
  expect(paused.progress.step).toBeGreaterThanOrEqual(4)
  await lab.request('runs.resume', { run: id })
  await until(lab, id, ({ progress }) => progress.step > paused.progress.step + 2)
  await lab.request('runs.stop', { run: id })
  expect((await until(lab, id, ended)).notices).toHaveLength(2)
})
