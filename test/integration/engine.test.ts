import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { train, type TrainingControl } from '../../main/engine/training/train'
import type { TrainingEvent } from '../../main/engine/protocol'
import { spectrum } from '../../main/engine/tasks/kernels'
import { networkFromPreset } from '../../shared/architecture'
import { Configuration } from '../../shared/configuration'
import { ratios } from '../../shared/norms/ratio'
import type { EpochRecord, StepRecord } from '../../shared/records'

/** A small run on the handwritten digits: 96 images, three steps an epoch. */
function configure(
  training: object,
  more: { preset?: string; seed?: number; test?: number; recompute?: number } = {},
): Configuration {
  const preset = more.preset ?? 'proc-resnet:blocks=1,planes=2/4'
  return Configuration.parse({
    preset,
    network: networkFromPreset(preset, { input: [8, 8, 1], classes: 10 }),
    data: { name: 'digits', train: 96, test: more.test ?? 110 },
    training: { batch: 32, epochs: 2, ...training },
    execution: { threads: 2, ...(more.recompute !== undefined && { recompute: more.recompute }) },
    seed: more.seed ?? 1,
  })
}

/** Batches of digits are small, and filled in the step. */
const batchThread = path.resolve(__dirname, '../../out/main/engine/batch-thread.js')

let home: string
let folder: string
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-engine-'))
  folder = path.join(home, 'checkpoints/1')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const goOn: TrainingControl = { state: () => 'run', takeSkip: () => false, wait: () => Promise.resolve() }

async function run(
  configuration: Configuration,
  control = goOn,
  listen: (event: TrainingEvent) => void = () => undefined,
  stored = 0,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  const request = { run: 1, configuration, stored }
  const emit = (event: TrainingEvent): void => {
    events.push(event)
    listen(event)
  }
  await train(request, home, control, emit, batchThread)
  return events
}

const stepsOf = (events: readonly TrainingEvent[]): StepRecord[] => events.flatMap((e) => (e.type === 'step' ? [e.record] : []))
const epochsOf = (events: readonly TrainingEvent[]): EpochRecord[] =>
  events.flatMap((e) => (e.type === 'epoch' ? [e.record] : []))
const measured = (events: readonly TrainingEvent[]) => stepsOf(events).map(({ step, loss, accuracy, norms }) => ({ step, loss, accuracy, norms: [...norms] })) // prettier-ignore

describe('a run', () => {
  let events: TrainingEvent[]
  beforeAll(async () => {
    events = await run(configure({ milestones: [1], factor: 0.1, rate: 0.05 }))
  })

  it('tells first of its units and steps, then of its work, and last how it ended', () => {
    expect(events[0]).toEqual({ type: 'phase', phase: 'data' })
    const started = events.find((event) => event.type === 'started')!
    expect(started).toMatchObject({ steps: 6, stepsPerEpoch: 3 })
    expect(started.units.map(({ name }) => name)).toEqual(['stem', 'stage1.block1', 'transition1', 'stage2.block1'])
    expect(events[events.length - 1]).toEqual({ type: 'ended', outcome: 'done' })
    const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))
    expect(phases).toEqual(['data', 'compile', 'first-step', 'train', 'evaluate', 'train', 'evaluate'])
  })

  it('numbers steps and epochs from 1, and lowers the rate where its milestone lies', () => {
    expect(stepsOf(events).map(({ step, epoch, rate }) => [step, epoch, Number(rate.toPrecision(6))])).toEqual([
      [1, 1, 0.05],
      [2, 1, 0.05],
      [3, 1, 0.05],
      [4, 2, 0.005],
      [5, 2, 0.005],
      [6, 2, 0.005],
    ])
  })

  it('sums its epochs up from their steps', () => {
    const steps = stepsOf(events)
    expect(epochsOf(events).map(({ firstStep, lastStep }) => [firstStep, lastStep])).toEqual([[1, 3], [4, 6]]) // prettier-ignore
    for (const epoch of epochsOf(events)) {
      const own = steps.filter(({ step }) => step >= epoch.firstStep && step <= epoch.lastStep)
      expect(epoch.trainLoss).toBeCloseTo(own.reduce((sum, { loss }) => sum + loss, 0) / own.length, 6)
      const rows = own.map(({ norms }) => ratios(norms))
      rows[0]!.forEach((_, unit) => {
        const values = rows.map((row) => row[unit]!)
        expect(epoch.ratios.min[unit]).toBe(Math.min(...values))
        expect(epoch.ratios.max[unit]).toBe(Math.max(...values))
        expect(epoch.ratios.mean[unit]).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 5)
      })
      expect(epoch.testLoss).toBeGreaterThan(0)
      expect(epoch.testAccuracy! * 110).toBeCloseTo(Math.round(epoch.testAccuracy! * 110), 6)
    }
  })

  it('gives the same numbers for the same configuration, to the bit', async () => {
    const again = await run(configure({ milestones: [1], factor: 0.1, rate: 0.05 }))
    expect(measured(again)).toEqual(measured(events))
    expect(epochsOf(again).map(({ testLoss }) => testLoss)).toEqual(epochsOf(events).map(({ testLoss }) => testLoss))
  })

  it('gives other numbers for another seed', async () => {
    const other = await run(configure({ milestones: [1], factor: 0.1, rate: 0.05 }, { seed: 2 }))
    expect(stepsOf(other)[0]!.loss).not.toBe(stepsOf(events)[0]!.loss)
  })

  it('ends at its limit in steps, with an epoch of what there is', async () => {
    const short = await run(configure({ steps: 4 }))
    expect(stepsOf(short)).toHaveLength(4)
    expect(epochsOf(short).map(({ firstStep, lastStep }) => [firstStep, lastStep])).toEqual([[1, 3], [4, 4]]) // prettier-ignore
    expect(short[short.length - 1]).toEqual({ type: 'ended', outcome: 'done' })
  })

  it.each([
    ['proc-resnet:blocks=1,planes=2/4', { projection: { layers: 'transitions', method: 'svd' } }],
    ['proc-resnet:blocks=1,planes=2/4', { projection: { layers: 'transitions', method: 'newton-schulz', probability: 0.5 } }],
    ['proc-resnet-v1:blocks=1,planes=2/4', { whitening: true, nesterov: true, init: 'he-fan-out', rate: 0.02 }],
    ['resnet:blocks=1,widths=4/8,shortcut=padding', {}],
    ['densenet-bc:blocks=2,growth=4,stages=2', {}],
  ])('learns, with %s and %j', async (preset, training) => {
    const learnt = stepsOf(await run(configure({ epochs: 10, rate: 0.05, ...training }, { preset })))
    const mean = (part: StepRecord[]): number => part.reduce((sum, { loss }) => sum + loss, 0) / part.length
    expect(mean(learnt.slice(-6))).toBeLessThan(mean(learnt.slice(0, 6)))
    for (const { norms } of learnt) expect(norms.every((value) => value > 0 && Number.isFinite(value))).toBe(true)
  })
})

describe('the repairs', () => {
  const losses = async (training: object, preset?: string): Promise<number[]> =>
    stepsOf(await run(configure(training, preset === undefined ? {} : { preset }))).map(({ loss }) => loss)
  const projection = (probability: number) => ({ projection: { layers: 'transitions', method: 'svd', probability } })

  it('project after a step: the first loss stays, all later ones are others', async () => {
    const [never, always] = [await losses({}), await losses(projection(1))]
    expect(always[0]).toBe(never[0])
    always.slice(1).forEach((loss, i) => expect(loss).not.toBe(never[i + 1]))
  })

  it('project by chance: never with 0, and with 0.5 after some steps only, the same for the same seed', async () => {
    expect(await losses(projection(0))).toEqual(await losses({}))
    const [half, always] = [await losses(projection(0.5)), await losses(projection(1))]
    expect(half).toEqual(await losses(projection(0.5)))
    expect(half).not.toEqual(always)
    expect(half).not.toEqual(await losses({}))
  })

  it('whiten before a step: the first loss is another already', async () => {
    const preset = 'proc-resnet-v1:blocks=1,planes=2/4'
    const [plain, whitened] = [await losses({}, preset), await losses({ whitening: true }, preset)]
    plain.forEach((loss, step) => expect(whitened[step]).not.toBe(loss))
  })
})

describe('singular values that are clipped', () => {
  it('are in their interval after the step that was told, of the layers that were chosen', async () => {
    const configuration = configure({
      ...{ rate: 0.3, checkpoint: { every: 3 } },
      clip: { layers: ['head'], interval: [0.99, 1.01], every: 3 },
    })
    const free = await run(configure({ rate: 0.3 }))
    const clipped = await run(configuration)
    const losses = [free, clipped].map((events) => stepsOf(events).map(({ loss }) => loss))
    expect(losses[1]!.slice(0, 3)).toEqual(losses[0]!.slice(0, 3))
    expect(losses[1]![3]).not.toBe(losses[0]![3])
    const [largest, smallest] = ends(path.join(folder, 'step-00000003.safetensors'), 'head.kernel')
    expect(largest).toBeLessThanOrEqual(1.01001)
    expect(smallest).toBeGreaterThanOrEqual(0.98999)
  })

  it('say once where the projection works on the same kernels', async () => {
    const notices = async (layers: 'all' | string[]): Promise<string[]> => {
      const projection = { layers: 'transitions', method: 'svd' }
      const events = await run(configure({ projection, clip: { layers, interval: [0.5, 1.5], every: 1 } }))
      return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
    }
    expect((await notices('all')).filter((message) => message.includes('both projected and clipped'))).toHaveLength(1)
    expect((await notices(['head'])).filter((message) => message.includes('both projected and clipped'))).toEqual([])
  })

  function ends(weights: string, tensor: string): number[] {
    const found = spectrum({ weights, tensor })
    if (!('singularValues' in found)) throw new Error('a dense kernel has all of its values')
    const values = [...found.singularValues]
    return [values[0]!, values[values.length - 1]!]
  }
})

describe('a run that diverges', () => {
  it('fails with the step and where it began, and keeps every record before', async () => {
    const sensible = configure({})
    // Past the settings' schema, which does not let such a rate through.
    const events = await run({ ...sensible, training: { ...sensible.training, rate: 1e30 } })
    const steps = stepsOf(events)
    const last = events[events.length - 1]!
    expect(last.type).toBe('failed')
    if (last.type !== 'failed') return
    const { divergence, error } = last
    expect(error.forUser).toBe(true)
    expect(error.message).toMatch(
      /^training stopped being finite at step \d+, first in .*; all steps before it are kept; try a rate below /,
    )
    expect(divergence!.step).toBe(steps.length)
    expect(error.message).toContain(divergence!.unit)
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1))
    for (const { loss, norms } of steps.slice(0, -1)) expect([loss, ...norms].every(Number.isFinite)).toBe(true)
    const epochs = epochsOf(events)
    if (steps.length > 1) expect(epochs[epochs.length - 1]!.lastStep).toBe(steps.length - 1)
  })
})

describe('a run under control', () => {
  /** Changes the state when told, and wakes whoever waits for that. */
  function control(): TrainingControl & { set(state: 'run' | 'pause' | 'stop'): void } {
    let now: 'run' | 'pause' | 'stop' = 'run'
    let wake = (): void => undefined
    return {
      state: () => now,
      takeSkip: () => false,
      wait: () => (now === 'pause' ? new Promise((resolve) => (wake = resolve)) : Promise.resolve()),
      set(state) {
        now = state
        wake()
      },
    }
  }

  it('pauses between two steps, goes on when told, and has the numbers of a run that never paused', async () => {
    const lab = control()
    const events = await run(configure({}), lab, (event) => {
      if (event.type === 'step' && event.record.step === 2) lab.set('pause')
      if (event.type === 'state' && event.state === 'paused') setImmediate(() => lab.set('run'))
    })
    const states = events.flatMap((event) => (event.type === 'state' ? [event.state] : []))
    expect(states).toEqual(['paused', 'running'])
    const paused = events.findIndex((event) => event.type === 'state')
    expect(stepsOf(events.slice(0, paused)).map(({ step }) => step)).toEqual([1, 2])
    expect(measured(events)).toEqual(measured(await run(configure({}))))
  })

  it('stops after the step it is at, with a short epoch of what was done', async () => {
    const lab = control()
    const events = await run(configure({}), lab, (event) => {
      if (event.type === 'step' && event.record.step === 2) lab.set('stop')
    })
    expect(stepsOf(events)).toHaveLength(2)
    expect(epochsOf(events)).toMatchObject([{ firstStep: 1, lastStep: 2, testLoss: null, testAccuracy: null }])
    expect(events[events.length - 1]).toEqual({ type: 'ended', outcome: 'stopped' })
  })

  it('stops out of a pause', async () => {
    const lab = control()
    const events = await run(configure({}), lab, (event) => {
      if (event.type === 'step') lab.set('pause')
      if (event.type === 'state' && event.state === 'paused') setImmediate(() => lab.set('stop'))
    })
    expect(stepsOf(events)).toHaveLength(1)
    expect(events[events.length - 1]).toEqual({ type: 'ended', outcome: 'stopped' })
  })

  it('stops in the midst of an evaluation', async () => {
    const lab = control()
    const events = await run(configure({}, { test: 250 }), lab, (event) => {
      if (event.type === 'phase' && event.phase === 'evaluate') lab.set('stop')
    })
    expect(stepsOf(events)).toHaveLength(3)
    expect(epochsOf(events)).toMatchObject([{ firstStep: 1, lastStep: 3, testLoss: null }])
    expect(events[events.length - 1]).toEqual({ type: 'ended', outcome: 'stopped' })
  })
})

describe('what does not fit is said before anything is computed', () => {
  it.each([
    [{ network: networkFromPreset('plain:blocks=1', { input: [8, 8, 3] }) }, /takes images of 8×8×3, the data set has 8×8×1; set the network’s input to 8x8x1/], // prettier-ignore
    [
      { network: networkFromPreset('plain:blocks=1', { input: [8, 8, 1], classes: 7 }) },
      /tells 7 classes apart, the data set has 10/,
    ],
    [{ training: { ...configure({}).training, batch: 97 } }, /a batch of 97 is larger than the training split of 96 images/],
    [{ network: networkFromPreset('plain:blocks=1', { input: [8, 8, 1] }), training: configure({ projection: { layers: 'transitions' } }).training }, /nothing to project/], // prettier-ignore
  ])('case %#', async (change, sentence) => {
    await expect(run({ ...configure({}), ...change } as Configuration)).rejects.toThrow(sentence)
    await expect(run({ ...configure({}), ...change } as Configuration)).rejects.toMatchObject({ name: 'UserError' })
  })
})

describe('a run that goes on from a checkpoint', () => {
  const settings = { epochs: 3, rate: 0.01, checkpoint: { every: 2 }, augmentation: { flip: true, crop: 2 } }
  it.each([
    ['SGD', { nesterov: true }],
    ['Adam, norms every other step, unit variance at the start', { optimiser: 'adam', lsuv: true, measures: { every: 2, weights: true, signal: 2 } }], // prettier-ignore
    ['AdamW with groups, a cosine and an early stop', { optimiser: 'adamw', schedule: 'cosine', groups: [{ parameters: 'norms', weightDecay: 0 }], earlyStop: { measure: 'test-loss', patience: 1, least: 0.5 } }], // prettier-ignore
    ['Muon, and groups that have another', { optimiser: 'muon', groups: [{ parameters: 'stem.*', optimiser: 'sgd' }] }],
    ['SOAP, new bases every other step', { optimiser: 'soap', soap: { every: 2 }, groups: [{ parameters: 'stem.*', optimiser: 'muon' }] }], // prettier-ignore
    [
      'projection and recomputation',
      { projection: { layers: 'transitions', probability: 0.5, atStart: true } },
      { recompute: 1 },
    ],
    ['clipping every third step', { clip: { layers: 'all', interval: [0.9, 1.1], every: 3 } }],
  ])('with %s takes the same steps as one that was not broken', async (_, training, more: { recompute?: number } = {}) => {
    const configuration = configure({ ...settings, ...training }, more)
    const unbroken = await run(configuration)
    const resumed = await run(configuration, goOn, undefined, 4)
    const plain = (events: readonly TrainingEvent[]) => stepsOf(events).map(({ ms: _, waitedMs: _waited, ...step }) => step) // prettier-ignore
    expect(plain(resumed)).toEqual(plain(unbroken).filter(({ step }) => step > 4))
    const epochs = (events: readonly TrainingEvent[]) => epochsOf(events).map(({ seconds: _, ...epoch }) => epoch) // prettier-ignore
    expect(epochs(resumed)).toEqual(epochs(unbroken))
    expect(resumed.find((event) => event.type === 'started')).toMatchObject({ done: 4 })
    expect(resumed[resumed.length - 1]).toEqual(unbroken[unbroken.length - 1])
  })

  it('passes over a checkpoint that is damaged, and begins at the beginning where none is whole', async () => {
    rmSync(folder, { recursive: true })
    const configuration = configure({ ...settings })
    const unbroken = await run(configuration)
    const broken = path.join(folder, 'step-00000004.safetensors')
    const bytes = readFileSync(broken)
    bytes[bytes.length - 3]! ^= 1
    writeFileSync(broken, bytes)
    const resumed = await run(configuration, goOn, undefined, 5)
    expect(resumed.find((event) => event.type === 'started')).toMatchObject({ done: 3 })
    expect(resumed.find((event) => event.type === 'notice')).toMatchObject({
      message: `a checkpoint was passed over: ${broken}: the checkpoint is damaged: its digest does not fit`,
    })
    for (const step of [2, 3, 4]) writeFileSync(path.join(folder, `step-0000000${step}.safetensors`), bytes)
    const anew = await run(configuration, goOn, undefined, 5)
    expect(anew.find((event) => event.type === 'started')).toMatchObject({ done: 0 })
    expect(measured(anew)).toEqual(measured(unbroken))
  })
})
