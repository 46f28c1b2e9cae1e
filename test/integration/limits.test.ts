import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { machineShare } from '../../shared/machine-share'
import { ended, jsonLines, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(() => (lab = openLab(home)))
afterAll(async () => {
  await lab.close()
  remove()
})

describe('the machine’s limits', () => {
  it('are not known before they were measured, are kept then, and are told by the command line', async () => {
    expect(await lab.request('lab.limits', {})).toEqual({ limits: null, refusal: null })
    const limits = await lab.request('lab.measure-limits', {})
    // Any machine of this century, and none of the next.
    expect(limits.flopsPerSecond).toBeGreaterThan(1e8)
    expect(limits.flopsPerSecond).toBeLessThan(1e15)
    expect(limits.bytesPerSecond).toBeGreaterThan(1e8)
    expect(limits.bytesPerSecond).toBeLessThan(1e13)
    expect(await lab.request('lab.limits', {})).toEqual({ limits, refusal: null })
    const { stdout } = await normlab(['machine', '--json'], home)
    expect(jsonLines(stdout)).toEqual([limits])
  })

  it('are not measured while a run goes on, and are once it is paused', async () => {
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    await until(lab, id, ({ progress }) => progress.step > 2)
    await expect(lab.request('lab.measure-limits', {})).rejects.toThrow('a run is going on')
    expect((await lab.request('lab.limits', {})).refusal).toMatch(/^a run is going on.*pause it/)
    await lab.request('runs.pause', { run: id })
    await until(lab, id, ({ state }) => state === 'paused')
    expect((await lab.request('lab.limits', {})).refusal).toBeNull()
    await lab.request('lab.measure-limits', {})
    await lab.request('runs.stop', { run: id })
    await until(lab, id, ended)
  })

  it('and a step’s work and time make a share', () => {
    // 10 images of 1 GFLOP forth, 3 in all each, in a second on a machine of 60 GFLOP/s.
    expect(machineShare(1e9, 10, 1000, 60e9)).toBeCloseTo(0.5, 12)
  })
})
