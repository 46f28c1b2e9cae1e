import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { ended, openLab, normlab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(async () => {
  lab = openLab(home)
  const { id } = await lab.request('runs.start', tiny({ epochs: 6, checkpoint: { every: 4, keep: 5, best: false } }))
  await until(lab, id, ended)
  mkdirSync(path.join(home, 'jacobians'), { recursive: true })
  writeFileSync(path.join(home, 'jacobians/a.json'), Buffer.alloc(5000))
})
afterAll(async () => {
  await lab.close()
  remove()
})

const folder = path.join(home, 'checkpoints/1')

describe('the disk', () => {
  it('is told by part and by run, and what of it can be given back', async () => {
    const { runs, parts, total, free } = await lab.request('disk.use', {})
    expect(runs).toHaveLength(1)
    const [run] = runs
    expect(run!.checkpoints).toBeGreaterThan(0)
    expect(run!.spare).toBeGreaterThan(run!.checkpoints / 2)
    expect(run!.spare).toBeLessThan(run!.checkpoints)
    expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['normlab.db', 'checkpoints', 'jacobians']))
    expect(parts.find(({ name }) => name === 'checkpoints')!.bytes).toBe(run!.checkpoints)
    expect(total).toBe(parts.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(free).toBeGreaterThan(0)
  })

  it('is told with what lies elsewhere behind a link', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'normlab-elsewhere-'))
    writeFileSync(path.join(elsewhere, 'images'), Buffer.alloc(70_000))
    const link = path.join(home, 'datasets')
    rmSync(link, { recursive: true, force: true })
    symlinkSync(elsewhere, link)
    try {
      const { parts, total } = await lab.request('disk.use', {})
      expect(parts.find(({ name }) => name === 'datasets')).toMatchObject({ files: 1, bytes: 70_000 })
      expect(total).toBe(parts.reduce((sum, { bytes }) => sum + bytes, 0))
    } finally {
      rmSync(link)
      rmSync(elsewhere, { recursive: true })
    }
  })

  it('is asked whether the store is whole, as the command line asks', async () => {
    expect(await lab.request('disk.check', {})).toEqual({ runs: 1, problems: [], remedy: null })
    mkdirSync(path.join(home, 'checkpoints/77'), { recursive: true })
    writeFileSync(path.join(home, 'checkpoints/77/1.safetensors'), '')
    const { problems, remedy } = await lab.request('disk.check', {})
    rmSync(path.join(home, 'checkpoints/77'), { recursive: true })
    expect(problems.join()).toContain('77')
    expect(remedy).toMatch(/bring the database back|repair/)
  })

  it('gets spare checkpoints back, and the run goes on from the newest all the same', async () => {
    const before = readdirSync(folder).sort()
    const { runs } = await lab.request('disk.use', {})
    expect((await lab.request('disk.free', { runs: [1, 1] })).bytes).toBe(runs[0]!.spare)
    expect(readdirSync(folder)).toEqual([before.at(-1)])
    expect((await lab.request('disk.free', { runs: [1] })).bytes).toBe(0)
    await lab.request('runs.resume', { run: 1, epochs: 8 })
    expect(await until(lab, 1, ended)).toMatchObject({ state: 'done', progress: { step: 32 } })
    await expect(lab.request('disk.free', { runs: [9] })).rejects.toThrow('there is no run 9')
  })

  it('takes nothing from a run that goes on', async () => {
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    await until(lab, id, ({ progress }) => progress.step > 2)
    await expect(lab.request('disk.free', { runs: [id] })).rejects.toThrow(`run ${id} is going on; stop it first`)
    await lab.request('runs.stop', { run: id })
    await until(lab, id, ended)
  })

  it('gets the caches back, from the command line too', async () => {
    const { stdout } = await normlab(['disk', 'free', '--caches'], home)
    expect(stdout).toBe('5.0 kB freed.\n')
    expect(existsSync(path.join(home, 'jacobians'))).toBe(false)
    expect((await normlab(['disk'], home)).stdout).toMatch(/normlab\.db .* files?\b[\s\S]*in all, .* free[\s\S]*checkpoints/)
  })
})
