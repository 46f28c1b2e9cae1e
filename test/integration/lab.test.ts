import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OpenLab, connectLab } from '../../main/lab'
import type { RunSummary } from '../../shared/api'
import { LabClient } from '../../shared/lab-client'
import { portPair } from '../../shared/lab-port'
import { ratios } from '../../shared/norms/ratio'
import type { StepRecord } from '../../shared/records'
import { readCsv } from '../unit/support/python'
import { ended, openLab, temporaryHome, tiny, until } from './lab-support'

let lab: OpenLab
let home: string
let remove: () => void
beforeEach(() => {
  ;({ home, remove } = temporaryHome())
  lab = openLab(home)
})
afterEach(async () => {
  await lab.close()
  remove()
})

describe('the lab', () => {
  it('trains a run, stores every step and epoch, and shows it after a restart as it was', async () => {
    const { id, units, configuration } = await lab.request('runs.start', { ...tiny(), name: 'first', seed: 7 })
    const summary = await until(lab, id, ended)
    expect(summary).toMatchObject({
      name: 'first',
      state: 'done',
      problem: null,
      dataset: 'shapes10',
      seed: 7,
      progress: { step: 8, steps: 8, stepsPerEpoch: 4 },
    })
    expect(summary.versions).toMatchObject({ tensorflow: expect.stringMatching(/^2\./) as string, Node: process.versions.node })
    const steps = await lab.request('runs.steps', { run: id, from: 1, to: 100 })
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const { loss, ms, norms } of steps) {
      expect([loss > 0, ms > 0, norms.length]).toEqual([true, true, units.length + 1])
      expect(norms.every((norm) => norm > 0)).toBe(true)
    }
    const epochs = await lab.request('runs.epochs', { run: id })
    expect(epochs.map(({ firstStep, lastStep }) => [firstStep, lastStep])).toEqual([
      [1, 4],
      [5, 8],
    ])
    expect(epochs.every(({ testAccuracy }) => testAccuracy !== null)).toBe(true)
    const first = steps.slice(0, 4).map(({ norms }) => ratios(norms)[0]!)
    expect(epochs[0]!.ratios.max[0]).toBeCloseTo(Math.max(...first), 5)
    const curves = await lab.request('runs.curves', { run: id })
    expect([...curves.loss]).toEqual(steps.map(({ loss }) => Math.fround(loss)))

    await lab.close()
    lab = openLab(home)
    const again = await lab.request('runs.show', { run: id })
    expect(again).toMatchObject({ state: 'done', endedAt: summary.endedAt, last: summary.last, configuration })
    expect(await lab.request('runs.steps', { run: id, from: 1, to: 100 })).toEqual(steps)
    expect(readdirSync(path.join(home, 'owners')).filter((name) => name.endsWith('.lock'))).toHaveLength(1)
  })

  it('trains one run at a time, in order, and lets a waiting one be stopped', async () => {
    const runs = [1, 2, 3].map(() => lab.request('runs.start', tiny({ epochs: 1 })))
    const [first, second, third] = (await Promise.all(runs)).map(({ id }) => id) as [number, number, number]
    expect(await lab.request('runs.show', { run: second })).toMatchObject({ state: 'queued', progress: { phase: 'queued' } })
    await expect(lab.request('runs.pause', { run: second })).rejects.toThrow(`run ${second} waits for its turn`)
    expect(await lab.request('runs.stop', { run: second })).toMatchObject({ state: 'stopped', progress: { step: 0 } })
    const last = await until(lab, third, ended)
    const before = await lab.request('runs.show', { run: first })
    expect([before.state, last.state]).toEqual(['done', 'done'])
    expect(last.startedAt! >= before.endedAt!).toBe(true)
    await expect(lab.request('runs.stop', { run: first })).rejects.toThrow(`run ${first} has ended`)
  })

  it('pauses, resumes and stops after a step, with an epoch record of what there is', async () => {
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    await until(lab, id, ({ progress }) => progress.step >= 5)
    await lab.request('runs.pause', { run: id })
    const paused = await until(lab, id, ({ state }) => state === 'paused')
    await lab.request('runs.resume', { run: id })
    await until(lab, id, ({ state, progress }) => state === 'running' && progress.step > paused.progress.step)
    await expect(lab.request('runs.delete', { run: id })).rejects.toThrow('stop it first')
    await lab.request('runs.stop', { run: id })
    const { state, progress } = await until(lab, id, ended)
    expect(state).toBe('stopped')
    const epochs = await lab.request('runs.epochs', { run: id })
    expect(epochs[epochs.length - 1]!.lastStep).toBe(progress.step)
    await lab.request('runs.delete', { run: id })
    expect(await lab.request('runs.list', {})).toEqual([])
  })

  it('is interrupted cleanly when it is closed while a run goes on and another waits', async () => {
    const { id } = await lab.request('runs.start', tiny({ epochs: 100_000 }))
    const waiting = await lab.request('runs.start', tiny())
    await until(lab, id, ({ progress }) => progress.step >= 5)
    await lab.close()
    lab = openLab(home)
    const run = await lab.request('runs.show', { run: id })
    const { step } = run.progress
    expect(run).toMatchObject({
      state: 'interrupted',
      problem: { message: `NormLab was closed at step ${step}; the ${step} finished steps are stored` },
    })
    expect(await lab.request('runs.show', { run: waiting.id })).toMatchObject({
      state: 'interrupted',
      problem: { message: 'NormLab was closed before the run began' },
    })
  })

  it('tells a page of every step once, and of the run’s states in order', async () => {
    const [near, far] = portPair()
    connectLab(lab, far)
    const page = new LabClient(near)
    const states: RunSummary['state'][] = []
    const steps: StepRecord[] = []
    const { id } = await page.request('runs.start', tiny({ epochs: 3 }))
    page.subscribe('runs.watch', { run: id }, (event) => steps.push(...event.steps))
    await new Promise<void>((resolve) => {
      page.subscribe('runs.changes', {}, ({ runs }) => {
        for (const { state } of runs) if (states[states.length - 1] !== state) states.push(state)
        if (states.includes('done')) resolve()
      })
    })
    expect(states).toEqual(['running', 'done'])
    expect(steps).toEqual(await page.request('runs.steps', { run: id, from: 1, to: 100 }))
    page.close()
  })

  it('shows what another lab trains on the same folder, and leaves it alone', async () => {
    const other = openLab(home)
    const { id } = await other.request('runs.start', tiny({ epochs: 100_000 }))
    const steps: number[] = []
    const release = lab.subscribe('runs.watch', { run: id }, (event) => steps.push(...event.steps.map(({ step }) => step)))
    await until(lab, id, ({ progress }) => progress.step >= 5)
    await expect(lab.request('runs.stop', { run: id })).rejects.toThrow(
      `run ${id} belongs to another NormLab (process ${process.pid})`,
    )
    await expect(lab.request('runs.delete', { run: id })).rejects.toThrow('belongs to another NormLab')
    await other.close()
    const { state, progress } = await until(lab, id, ended)
    release()
    expect(state).toBe('interrupted')
    expect(steps).toEqual(Array.from({ length: progress.step }, (_, i) => i + 1))
  })

  it('exports a run as JSON and as CSV, and moves the file into place whole', async () => {
    const { id, units } = await lab.request('runs.start', tiny())
    await until(lab, id, ended)
    const [json, csv] = [path.join(home, 'run.json'), path.join(home, 'run.csv')]
    expect(await lab.request('runs.export', { run: id, out: json, format: 'json' })).toEqual({ path: json, steps: 8 })
    await lab.request('runs.export', { run: id, out: csv, format: 'csv' })
    const stored = await lab.request('runs.steps', { run: id, from: 1, to: 8 })
    const written = JSON.parse(readFileSync(json, 'utf8')) as {
      steps: { norms: number[] }[]
      epochs: unknown[]
      configuration: unknown
    }
    expect(written.steps.map(({ norms }) => Float32Array.from(norms))).toEqual(stored.map(({ norms }) => norms))
    expect(written.epochs).toHaveLength(2)
    expect(written.configuration).toEqual((await lab.request('runs.show', { run: id })).configuration)
    const rows = readCsv(readFileSync(csv, 'utf8'))
    expect(rows).toHaveLength(9)
    expect(rows[0]).toEqual([
      'step',
      'epoch',
      'training loss, nats',
      'training accuracy',
      'learning rate',
      'time of a step, ms',
      'waited for data',
      'gradient norm',
      'chain ratio',
      'mean |r − 1|, blocks',
      'mean |r − 1|, all units',
      'covering c, blocks',
      'covering c, all units',
      'smallest ratio',
      'largest ratio',
      'ratios that are not finite',
      'test loss, nats',
      'test accuracy',
      ...units.map(({ name }) => `norm ${name}`),
      'norm end',
      ...units.map(({ name }) => `ratio ${name}`),
    ])
    const column = (name: string): string[] => rows.slice(1).map((row) => row[rows[0]!.indexOf(name)]!)
    const singles = (name: string): number[] => column(name).map((cell) => Math.fround(Number(cell)))
    expect(singles(`norm ${units[0]!.name}`)).toEqual(stored.map(({ norms }) => norms[0]))
    stored.forEach(({ norms }, at) => {
      const last = norms.length - 1
      expect(Number(column('chain ratio')[at])).toBeCloseTo(norms[0]! / norms[last]!, 12)
      const ratios = units.map((_, unit) => norms[unit]! / norms[unit + 1]!)
      expect(Number(column('smallest ratio')[at])).toBeCloseTo(Math.min(...ratios), 5)
      expect(Number(column('largest ratio')[at])).toBeCloseTo(Math.max(...ratios), 5)
    })
    expect(column('ratios that are not finite')).toEqual(stored.map(() => '0'))
    const epochs = await lab.request('runs.epochs', { run: id })
    expect(column('test loss, nats')).toEqual(
      stored.map(({ step }) => String(epochs.find(({ lastStep }) => lastStep === step)?.testLoss ?? '')),
    )
    expect(readdirSync(home).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await expect(lab.request('runs.export', { run: id, out: path.join(home, 'no/such/run.csv'), format: 'csv' })).rejects.toThrow(
      /cannot be written: there is no such folder; make its folder first/,
    )
  })

  it('refuses a network that does not fit the data before anything starts', async () => {
    await expect(lab.request('runs.start', { network: 'plain:blocks=1,input=8x8x3' })).rejects.toThrow(
      /its input is 8×8×3 and the images of "shapes10" are 32×32×3/,
    )
    await expect(lab.request('runs.start', { network: 'plain:blocks=1,classes=7' })).rejects.toThrow(
      /7 classes apart and "shapes10" has 10/,
    )
    await expect(lab.request('runs.start', { network: 'plain', data: { name: 'digits', train: 10_000_000 } })).rejects.toThrow()
    await expect(
      lab.request('runs.start', { network: 'plain', data: { name: 'digits', train: 20 }, training: { batch: 21 } }),
    ).rejects.toThrow(/a batch of 21 is larger than the training split of 20 images/)
    expect(await lab.request('runs.list', {})).toEqual([])
    expect(lab.enginePid).toBeUndefined()
  })

  it('gives a preset the geometry of the data set', async () => {
    const digits = (await lab.request('datasets.list', {})).find(({ name }) => name === 'digits')!
    const { layers } = await lab.request('networks.inspect', { network: 'plain:blocks=1', dataset: 'digits' })
    expect(layers[0]!.shape).toEqual(digits.shape)
  })

  it('tells by the doctor what it stands on', async () => {
    const { checks } = await lab.request('lab.doctor', {})
    const named = new Map(checks.map((check) => [check.name, check]))
    expect(named.get('TensorFlow')).toMatchObject({ ok: true, detail: expect.stringMatching(/^2\./) as string })
    expect(named.get('Data folder')!.detail).toContain(home)
    for (const { ok, remedy } of checks) expect(ok || remedy !== undefined).toBe(true)
  })
})
