import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ended, mayMount, openLab, temporaryHome, tiny, until } from './lab-support'

let home: string
let remove: () => void
const small = mayMount()
beforeEach(() => {
  ;({ home, remove } = temporaryHome())
  if (small) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1536k', 'none', home])
})
afterEach(() => {
  if (small) execFileSync('umount', ['-l', home])
  remove()
})

// A file system of one and a half megabytes, of which the lab keeps half a megabyte in reserve; only root may mount one.
describe.skipIf(!small)('a full disk', () => {
  it('interrupts the run with a sentence, keeps what is stored, and once there is space the run goes on by itself', async () => {
    const lab = openLab(home)
    const ballast = path.join(home, 'ballast')
    writeFileSync(ballast, Buffer.alloc(500_000))
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000, checkpoint: { epochs: 1000 } }))
    const { state, problem, progress } = await until(lab, id, ended)
    expect(state).toBe('interrupted')
    expect(problem!.message).toMatch(/normlab\.db: the disk (is full|reports an error).*; (free|check)/)
    expect(progress.step).toBeGreaterThan(0)
    const steps = await lab.request('runs.steps', { run: id, from: 1, to: 1e9 })
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1))

    rmSync(ballast)
    const again = await until(lab, id, ({ progress }) => progress.phase === 'train' && progress.step > steps.length)
    // A checkpoint may have met the full disk before the records did; that is a notice of its own.
    expect(again.notices.some(({ message }) => message.includes('can be written again'))).toBe(true)
    expect(again.notices.some(({ message }) => message.includes('otherwise'))).toBe(false)
    await lab.request('runs.stop', { run: id })
    await until(lab, id, ended)
    await lab.close()
  })
})
