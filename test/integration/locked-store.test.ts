import Database from 'libsql'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ended, openLab, temporaryHome, tiny, until } from './lab-support'

const folder = temporaryHome()
afterAll(() => folder.remove())

describe('a store that another program keeps locked for a while', () => {
  it('costs no record and lets everything else go on', async () => {
    const lab = openLab(folder.home)
    const { id } = await lab.request('runs.start', tiny({ epochs: 60 }))
    await until(lab, id, ({ progress }) => progress.step > 4)
    const other = new Database(path.join(folder.home, 'normlab.db'))
    other.exec('BEGIN IMMEDIATE')
    // What keeps the loop is seen as the longest time between two of its turns.
    let [last, longest] = [performance.now(), 0]
    const turns = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 20)
    const renamed = lab.request('runs.rename', { run: id, name: 'while it was locked' })
    await lab.request('runs.list', {})
    await new Promise((resolve) => setTimeout(resolve, 3000))
    clearInterval(turns)
    other.exec('COMMIT')
    other.close()
    expect((await renamed).name).toBe('while it was locked')
    expect(longest).toBeLessThan(2000)
    const summary = await until(lab, id, ended)
    expect(summary).toMatchObject({ state: 'done', problem: null, progress: { step: 240 } })
    expect((await lab.request('runs.curves', { run: id })).step).toHaveLength(240)
    await lab.close()
  })
})
