import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestInput, RequestOutput } from '../../shared/api'
import type { InitialEvent } from '../../shared/initial-measures'
import { Store } from '../../main/store/store'
import { ended, jsonLines, NET, normlab, openLab, temporaryHome, TINY, tiny, until } from './lab-support'

let home: string
let remove: () => void
beforeEach(() => ({ home, remove } = temporaryHome()))
afterEach(() => remove())

const planned = async (...words: string[]): Promise<RequestOutput<'runs.plan'>> => {
  const { status, stdout, stderr } = await normlab(['train', ...TINY, ...words, '--plan', '--json'], home)
  expect(status, stderr).toBe(0)
  return (jsonLines(stdout)[0] as { plan: RequestOutput<'runs.plan'> }).plan
}

describe('what a run comes to before it starts', () => {
  it('is told with what its time rests on, and nothing is made up where nothing was measured', async () => {
    const before = await planned('--steps', '10')
    expect(before).toMatchObject({
      steps: 10,
      epochs: 3,
      stepsPerEpoch: 4,
      seconds: null,
      stepMs: null,
      warning: null,
      name: NET,
    })
    const { stdout } = await normlab(['train', NET, '--optimizer', 'adamw', '--plan'], home)
    expect(stdout).toContain('Warning: the rate, 0.1, is 100 times AdamW’s usual one, 0.001: such a run often learns nothing')
    expect(before.basis).toContain('no run has been trained here yet')
    expect(before.memory.needed).toBeGreaterThan(0)
    expect(before.memory.total).toBeGreaterThanOrEqual(before.memory.free)

    await normlab(['train', ...TINY, '--steps', '10', '--json'], home)
    const after = await planned('--epochs', '7')
    expect(after).toMatchObject({ steps: 28, epochs: 7, name: `${NET} · epochs 7` })
    expect(after.basis).toBe('the step time of run 1 of this network and batch here')
    // 28 steps, and seven evaluations of 32 images at a third of a step's time an image.
    expect(after.seconds).toBeCloseTo((after.stepMs! * (28 + (7 * 32) / 16 / 3)) / 1000, 9)
    const wider = await normlab(['train', 'plain:blocks=1,widths=8/16', '--batch', '16', '--plan'], home)
    expect(wider.stdout).toMatch(
      /^Time: (about|less than) .*, an estimate from the step time of run 1 here, scaled by operations$/m,
    )
    expect((await normlab(['runs', 'list', '--json'], home)).stdout.trim().split('\n')).toHaveLength(1)
  })

  it('rests on a pass that was measured for it where no such run was trained', async () => {
    const lab = openLab(home)
    try {
      const { network, data, training } = tiny()
      const question = { network, data: 'shapes10', batch: 16, timed: true }
      const measured = await new Promise<InitialEvent>((resolve) => {
        lab.subscribe('networks.initial', question, (event) => event.state !== 'working' && resolve(event))
      })
      expect(measured).toMatchObject({ state: 'measured', passMs: expect.any(Number) as number })
      const plan = await lab.request('runs.plan', { network, data, training } as RequestInput<'runs.plan'>)
      expect(plan.stepMs).toBe((measured as { passMs: number }).passMs)
      expect(plan.basis).toContain('a pass of this network and batch')
    } finally {
      await lab.close()
    }
  })

  it('is refused as the run would be', async () => {
    const { status, stderr } = await normlab(['train', ...TINY, '--set', 'data.train=8', '--plan'], home)
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('a run given in steps', () => {
  it('tells its steps and the epochs that they make, wherever it is told', async () => {
    const trained = await normlab(['train', ...TINY, '--steps', '10', '--json'], home)
    const plain = await normlab(['train', ...TINY, '--steps', '10', '--seed', '2'], home)
    expect(plain.stderr).toContain('seed 2, at most 10 steps, 3 epochs')
    await normlab(['runs', 'export', '1', '--out', path.join(home, 'run.json')], home)
    const shown = await normlab(['runs', 'show', '1', '--json'], home)
    expect(jsonLines(shown.stdout)[0]).toMatchObject({ configuration: { training: { epochs: 3, steps: 10 } } })
    const told = [trained, plain, shown, await normlab(['runs', 'show', '1'], home), await normlab(['runs', 'list'], home)]
    for (const text of [
      ...told.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      readFileSync(path.join(home, 'run.json'), 'utf8'),
    ])
      expect(text).not.toMatch(/100,?000\b/)
  })

  it('goes on to as many steps, and a copy with another batch takes as many', async () => {
    await normlab(['train', ...TINY, '--steps', '10', '--json'], home)
    const longer = await normlab(['runs', 'resume', '1', '--steps', '18', '--json'], home)
    expect(jsonLines(longer.stdout).pop()).toMatchObject({ summary: { state: 'done', progress: { step: 18, steps: 18 } } })
    const copy = await normlab(['runs', 'clone', '1', '--set', 'batch=32', '--json'], home)
    expect(jsonLines(copy.stdout).pop()).toMatchObject({
      summary: { name: `${NET} · batch 32`, progress: { step: 18, steps: 18 } },
    })
  })

  it('of an older NormLab is told so too', async () => {
    const lab = openLab(home)
    const { id } = await lab.request('runs.start', tiny({ steps: 10 }))
    await until(lab, id, ended)
    await lab.close()
    const store = new Store(home)
    const configuration = store.runs.configuration(id)
    store.runs.setConfiguration(id, { ...configuration, training: { ...configuration.training, epochs: 100_000 } })
    store.close()
    const shown = await normlab(['runs', 'show', '1', '--json'], home)
    expect(jsonLines(shown.stdout)[0]).toMatchObject({ configuration: { training: { epochs: 3, steps: 10 } } })
  })
})
