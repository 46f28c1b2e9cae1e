import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { ended, jsonLines, normlab, openLab, temporaryHome, TINY, tiny, until } from './lab-support'

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

const stepsOf = async (run: number) =>
  (await lab.request('runs.steps', { run, from: 1, to: 1e9 })).map(({ ms: _, waitedMs: _waited, ...step }) => step)

describe('the queue', () => {
  it('trains as many at a time as the settings say, in an order that can be changed', async () => {
    expect(await lab.request('lab.settings', {})).toMatchObject({ parallelRuns: 1, baseline: null })
    const long = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    const [a, b, c] = [
      await lab.request('runs.start', tiny({ epochs: 1 })),
      await lab.request('runs.start', tiny({ epochs: 1 })),
      await lab.request('runs.start', tiny({ epochs: 100_000 })),
    ]
    expect((await lab.request('runs.show', { run: c.id })).place).toBe(3)
    await lab.request('runs.move', { run: c.id, before: a.id })
    expect((await lab.request('runs.show', { run: c.id })).place).toBe(1)
    expect((await lab.request('runs.show', { run: b.id })).place).toBe(3)
    await lab.request('runs.move', { run: a.id, before: null })
    expect((await lab.request('runs.show', { run: a.id })).place).toBe(3)
    await expect(lab.request('runs.move', { run: long.id, before: null })).rejects.toThrow(
      `run ${long.id} does not wait; only runs that wait have an order`,
    )
    expect(await lab.request('lab.configure', { parallelRuns: 2 })).toMatchObject({ parallelRuns: 2, baseline: null })
    const both = await until(lab, c.id, ({ progress }) => progress.step > 3)
    expect(both.state).toBe('running')
    expect((await lab.request('runs.show', { run: long.id })).state).toBe('running')
    await lab.request('runs.stop', { run: c.id })
    await until(lab, c.id, ended)
    expect(await until(lab, b.id, ended)).toMatchObject({ state: 'done' })
    expect(await until(lab, a.id, ended)).toMatchObject({ state: 'done' })
    await lab.request('runs.stop', { run: long.id })
    await until(lab, long.id, ended)
  })

  it('goes on where one run fails', async () => {
    const failing = await lab.request('runs.start', tiny({ rate: 1e5, epochs: 50 }))
    const next = await lab.request('runs.start', tiny({ epochs: 1 }))
    expect(await until(lab, failing.id, ended)).toMatchObject({ state: 'failed' })
    expect(await until(lab, next.id, ended)).toMatchObject({ state: 'done' })
  })
})

describe('a run that is stopped', () => {
  it('goes on to the same end as one that was not, and then to a later one', async () => {
    const unbroken = await lab.request('runs.start', tiny({ epochs: 8 }))
    await until(lab, unbroken.id, ended)
    const { id } = await lab.request('runs.start', tiny({ epochs: 8 }))
    await until(lab, id, ({ progress }) => progress.step >= 3)
    await lab.request('runs.stop', { run: id })
    const { state, progress } = await until(lab, id, ended)
    expect(state).toBe('stopped')
    expect(progress.step).toBeLessThan(32)
    await lab.request('runs.resume', { run: id })
    expect(await until(lab, id, ended)).toMatchObject({ state: 'done', progress: { step: 32 } })
    expect(await stepsOf(id)).toEqual(await stepsOf(unbroken.id))

    await expect(lab.request('runs.resume', { run: id })).rejects.toThrow(
      `run ${id} is done after 32 steps; give it more epochs or steps, as in --epochs 20`,
    )
    await lab.request('runs.resume', { run: id, epochs: 10 })
    expect(await until(lab, id, ended)).toMatchObject({ state: 'done', progress: { step: 40, steps: 40 } })
    expect((await stepsOf(id)).slice(0, 32)).toEqual(await stepsOf(unbroken.id))
    const checkpoints = path.join(home, 'checkpoints', String(id))
    expect(readdirSync(checkpoints).length).toBeLessThanOrEqual(3)
    await lab.request('runs.delete', { run: id })
    // They are kept as long as the run can come back.
    expect(readdirSync(path.dirname(checkpoints))).toContain(String(id))
    await lab.request('runs.purge', { runs: [id] })
    expect(readdirSync(path.dirname(checkpoints))).not.toContain(String(id))
  })

  it('is cloned with changes from the command line', async () => {
    await normlab(['train', ...TINY, '--epochs', '1', '--json'], home)
    const { status, stdout } = await normlab(['runs', 'clone', '1', '--set', 'seed=9', '--name', 'other', '--json'], home)
    expect(status).toBe(0)
    expect(jsonLines(stdout).pop()).toMatchObject({ run: 2, summary: { name: 'other', seed: 9, state: 'done' } })
    const [first, second] = [await lab.request('runs.show', { run: 1 }), await lab.request('runs.show', { run: 2 })]
    expect({ ...second.configuration, seed: 1 }).toEqual(first.configuration)
    await normlab(['runs', 'clone', '1', '--set', 'seed=3', '--json'], home)
    await normlab(['train', ...TINY, '--epochs', '1', '--json'], home)
    const names = (await lab.request('runs.list', {})).map(({ name }) => name)
    expect(names).toEqual([`${first.name} (2)`, `${first.name} · seed 3`, 'other', first.name])
  })
})
