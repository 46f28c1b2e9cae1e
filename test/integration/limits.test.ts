import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import type { JobProgress } from '../../shared/job'
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
    const shares: number[] = []
    const tell = ({ phase, done, total }: JobProgress): unknown => phase === 'timing' && shares.push(done / total)
    const limits = await lab.start('lab.measure-limits', {}, tell).result
    expect(shares[0]).toBeLessThan(0.1)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
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
    await expect(lab.start('lab.measure-limits', {}).result).rejects.toThrow('a run is going on')
    expect((await lab.request('lab.limits', {})).refusal).toMatch(/^a run is going on.*pause it/)
    await lab.request('runs.pause', { run: id })
    await until(lab, id, ({ state }) => state === 'paused')
    expect((await lab.request('lab.limits', {})).refusal).toBeNull()
    await lab.start('lab.measure-limits', {}).result
    await lab.request('runs.stop', { run: id })
    await until(lab, id, ended)
  })

  it('are not kept where they are called off, or a run began while they were measured', async () => {
    const before = await lab.request('lab.limits', {})
    const off = lab.start('lab.measure-limits', {}, () => off.cancel())
    await expect(off.result).rejects.toThrow('it was called off')
    let begins: Promise<number> | undefined
    const beside = lab.start('lab.measure-limits', {}, () => {
      begins ??= lab.request('runs.start', tiny({ epochs: 100_000 })).then(({ id }) => id)
    })
    await expect(beside.result).rejects.toThrow('a run is going on')
    const run = (await begins)!
    await lab.request('runs.stop', { run })
    await until(lab, run, ended)
    expect(await lab.request('lab.limits', {})).toEqual(before)
  })

  it('and a step’s work and time make a share', () => {
    // 10 images of 1 GFLOP forth, 3 in all each, in a second on a machine of 60 GFLOP/s.
    expect(machineShare(1e9, 10, 1000, 60e9)).toBeCloseTo(0.5, 12)
  })
})
