import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestInput, RunSummary } from '../../shared/api'
import type { NetworkDocument, NetworkNode } from '../../shared/architecture'
import type { StepRecord } from '../../shared/records'
import type { OpenLab } from '../../main/lab'
import { SafetensorsReader, writeSafetensors } from '../../main/formats/safetensors'
import { ended, openLab, temporaryHome, until } from './lab-support'

const { home, remove } = temporaryHome()
const folder = mkdtempSync(path.join(tmpdir(), 'normlab-cases-'))
let lab: OpenLab
beforeAll(() => {
  lab = openLab(home)
})
afterAll(async () => {
  await lab.close()
  remove()
  rmSync(folder, { recursive: true, force: true })
})

type Asked = RequestInput<'runs.start'>

const documentOf = (name: string, nodes: NetworkNode[]): NetworkDocument => ({
  format: 'normlab/network',
  version: 1,
  name,
  nodes: [
    { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 1 } },
    ...nodes,
    { id: 'head', kind: 'dense', attributes: { units: 10 } },
    { id: 'loss', kind: 'softmax-cross-entropy' },
  ],
})

async function train(asked: Asked): Promise<{ run: RunSummary; steps: StepRecord[] }> {
  const { id } = await lab.request('runs.start', asked)
  const run = await until(lab, id, ended)
  return { run, steps: await lab.request('runs.steps', { run: id, from: 1, to: 1_000_000 }) }
}

/** Every tensor of a run's newest checkpoint. */
function tensors(run: number, at?: number): Map<string, Float32Array> {
  const place = path.join(home, 'checkpoints', String(run))
  const files = readdirSync(place).filter((name) => name.startsWith('step-')).sort() // prettier-ignore
  const wanted = at === undefined ? files[files.length - 1]! : files.find((name) => Number(name.match(/\d+/)![0]) === at)!
  const reader = SafetensorsReader.open(path.join(place, wanted))
  const found = new Map(reader.tensors.map(({ name }) => [name, reader.readFloats(name)]))
  reader.close()
  return found
}

const digits = (training: Asked['training'], data: object = {}, network: Asked['network'] = CONVOLUTION): Asked => ({
  network,
  data: { name: 'digits', ...data },
  training: { weightDecay: 0, momentum: 0, ...training },
  execution: { threads: 1 },
})

const CONVOLUTION = documentOf('convolution', [
  { id: 'conv', kind: 'conv2d', attributes: { filters: 4 }, unit: 'block' },
  { id: 'norm', kind: 'batch-norm' },
  { id: 'relu', kind: 'relu' },
  { id: 'pool', kind: 'global-average-pool' },
])

describe('label smoothing', () => {
  it('spreads its share over all classes, and is not in the test', async () => {
    const network = documentOf('bias alone', [{ id: 'pool', kind: 'global-average-pool' }])
    const file = path.join(folder, 'bias.safetensors')
    writeSafetensors(file, [
      { name: 'head.kernel', shape: [1, 10], data: new Float32Array(10) },
      { name: 'head.bias', shape: [10], data: Float32Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    ])
    const { run, steps } = await train({
      ...digits({ rate: 0, labelSmoothing: 0.1, batch: 50, epochs: 1 }, {}, network),
      weights: { file },
    })
    expect(steps.length).toBeGreaterThan(10)
    for (const { loss, accuracy } of steps) expect(loss).toBeCloseTo(2.776614 - 1.8 * accuracy, 5)
    const [epoch] = await lab.request('runs.epochs', { run: run.id })
    expect(epoch!.testLoss).toBeCloseTo(2.596614, 5)
    expect(epoch!.testAccuracy).toBeCloseTo(0.1, 12)
  })
})

describe('clipping and decay', () => {
  it('shortens the step, not the norm that is told of', async () => {
    const step = { rate: 1, steps: 1, batch: 32, checkpoint: { every: 1 } }
    const free = await train(digits(step))
    const clipped = await train(digits({ ...step, clipNorm: 0.01 }))
    expect(clipped.steps[0]!.gradientNorm).toBe(free.steps[0]!.gradientNorm)
    expect(free.steps[0]!.gradientNorm).toBeGreaterThan(0.01)
    const start = await train(digits({ ...step, rate: 0 }))
    const [before, after] = [tensors(start.run.id), tensors(clipped.run.id)]
    let squares = 0
    for (const [name, values] of before)
      if (!/^(momenta|statistics)\//.test(name)) values.forEach((value, i) => (squares += (after.get(name)![i]! - value) ** 2))
    expect(Math.abs(Math.sqrt(squares) / 0.01 - 1)).toBeLessThan(1e-5)
  })

  it('leaves the parameters alone whose group has none', async () => {
    const step = { rate: 0.1, steps: 1, batch: 32, groups: [{ parameters: 'norms', weightDecay: 0 }] }
    const [start, without, decayed] = [
      tensors((await train(digits({ ...step, rate: 0 }))).run.id),
      tensors((await train(digits(step))).run.id),
      tensors((await train(digits({ ...step, weightDecay: 0.01 }))).run.id),
    ]
    for (const name of ['norm.gamma', 'norm.beta']) expect(decayed.get(name)).toEqual(without.get(name))
    for (const name of ['conv.kernel', 'head.kernel'])
      decayed.get(name)!.forEach((value, i) => {
        expect(without.get(name)![i]! - value).toBeCloseTo(0.1 * 0.01 * start.get(name)![i]!, 6)
      })
  })
})

describe('batch norm', () => {
  const ONE_PIXEL = documentOf('one pixel', [
    { id: 'pool', kind: 'average-pool', attributes: { size: 8 } },
    { id: 'conv', kind: 'conv2d', attributes: { filters: 4, size: 1 }, unit: 'block' },
    { id: 'norm', kind: 'batch-norm', attributes: { momentum: 0 } },
    { id: 'global', kind: 'global-average-pool' },
  ])
  const asked = (batch: number): Asked =>
    digits({ batch, steps: 1, rate: 0, standardisation: 'none', checkpoint: { every: 1 } }, {}, ONE_PIXEL)

  it('of one value a channel is refused before the run is stored, and told of with its layer', async () => {
    await expect(lab.request('runs.start', asked(1))).rejects.toThrow(
      'layer "norm": with a batch of 1 it has one value a channel to normalise, so it gives its shift whatever comes in, and no gradient gets back past it; use a batch of 2 or more, or a layer norm',
    )
    expect((await lab.request('runs.list', {})).some(({ network }) => network === 'one pixel')).toBe(false)
  })

  it.each([2, 3])('keeps the unbiased variance of a batch of %i', async (batch) => {
    const { run, steps } = await train(asked(batch))
    expect(steps[0]!.norms.every(Number.isFinite)).toBe(true)
    const found = tensors(run.id)
    // What entered the norm is the kernel times one number an image: its variance is the kernel's square times that of these.
    const kernel = found.get('conv.kernel')!
    const variance = found.get('statistics/norm.variance')!
    const ofPixel = [...variance].map((value, c) => value / kernel[c]! ** 2)
    for (const value of ofPixel) expect(value / ofPixel[0]!).toBeCloseTo(1, 3)
    expect([...variance].every((value) => Number.isFinite(value) && value > 0)).toBe(true)
  })
})

describe('a run that is cut off in mid-epoch', () => {
  const DROPPED = documentOf('dropped', [
    { id: 'conv', kind: 'conv2d', attributes: { filters: 4 }, unit: 'block' },
    { id: 'norm', kind: 'batch-norm' },
    { id: 'relu', kind: 'relu' },
    { id: 'drop', kind: 'dropout', attributes: { rate: 0.3 } },
    { id: 'pool', kind: 'global-average-pool' },
  ])
  const asked = (steps: number): Asked =>
    digits(
      { batch: 3, steps, rate: 0.05, momentum: 0.9, augmentation: { flip: true, crop: 1 }, checkpoint: { every: 1 } },
      { train: 10, test: 20 },
      DROPPED,
    )
  const told = (steps: readonly StepRecord[]) => steps.map(({ ms: _, waitedMs: _waited, ...record }) => record)

  it('goes on bit-equal with dropout and augmentation', async () => {
    const whole = await train(asked(9))
    expect(whole.steps).toHaveLength(9)

    const parts = await train(asked(4))
    await lab.request('runs.resume', { run: parts.run.id, steps: 9 })
    await until(lab, parts.run.id, (summary) => ended(summary) && summary.progress.step === 9)
    const again = await lab.request('runs.steps', { run: parts.run.id, from: 1, to: 100 })
    expect(told(again)).toEqual(told(whole.steps))
    expect(tensors(parts.run.id)).toEqual(tensors(whole.run.id))
  })

  it('goes on bit-equal after a kill', async () => {
    const whole = await train(asked(150))
    const { id } = await lab.request('runs.start', asked(150))
    await until(lab, id, ({ progress }) => progress.step >= 5)
    process.kill(lab.enginePid!, 'SIGKILL')
    const run = await until(lab, id, ended)
    expect(run.notices[0]!.message).toContain('killed (SIGKILL)')
    expect(told(await lab.request('runs.steps', { run: id, from: 1, to: 1000 }))).toEqual(told(whole.steps))
    expect(tensors(id)).toEqual(tensors(whole.run.id))
  })

  it('takes each image at most once an epoch', async () => {
    // Without augmentation and learning an image has one loss, so that equal losses of single images are equal images.
    const once = digits({ batch: 1, epochs: 2, rate: 0, evaluation: { every: 0 } }, { train: 10, test: 10 }, documentOf('plain', [{ id: 'pool', kind: 'global-average-pool' }, ])) // prettier-ignore
    const { steps } = await train(once)
    const [first, second] = [steps.slice(0, 10), steps.slice(10)].map((part) => part.map(({ loss }) => loss).sort())
    expect(new Set(first).size).toBe(10)
    expect(second).toEqual(first)
  })

  it('draws the augmentation anew in every step and epoch, the same for the same seed', async () => {
    const still = { batch: 64, epochs: 4, rate: 0, evaluation: { every: 0 } }
    const data = { train: 64, test: 10 }
    const plain = (await train(digits(still, data))).steps.map(({ loss }) => loss)
    for (const loss of plain) expect(Math.abs(loss - plain[0]!)).toBeLessThan(1e-6)
    const flipped = async (): Promise<number[]> =>
      (await train(digits({ ...still, augmentation: { flip: true } }, data))).steps.map(({ loss }) => loss)
    const losses = await flipped()
    expect(new Set(losses).size).toBe(4)
    expect(await flipped()).toEqual(losses)
  })
})

describe('what cannot come to anything', () => {
  it('is refused where its device is not there, before it is stored', async () => {
    const before = (await lab.request('runs.list', {})).length
    await expect(lab.request('runs.start', { ...digits({}), execution: { device: 'gpu:7' } })).rejects.toThrow(
      /execution\.device: there is no gpu:7 that TensorFlow can use here, only cpu/,
    )
    expect((await lab.request('runs.list', {})).length).toBe(before)
  })

  it('is told of where no ratio is a number', async () => {
    const file = path.join(folder, 'dead.safetensors')
    const start = tensors((await train(digits({ rate: 0, steps: 1, batch: 8 }))).run.id)
    const shapes: Record<string, number[]> = { 'conv.kernel': [3, 3, 1, 4], 'norm.gamma': [4], 'norm.beta': [4], 'head.kernel': [4, 10], 'head.bias': [10] } // prettier-ignore
    writeSafetensors(file, Object.entries(shapes).map(([name, shape]) => ({ name, shape, data: start.get(name)!.map((value) => (name === 'head.kernel' ? 0 : value)) }))) // prettier-ignore
    const { run } = await train({ ...digits({ rate: 0, steps: 2, batch: 8 }), weights: { file } })
    expect(run.state).toBe('done')
    expect(run.notices.map(({ message }) => message)).toContainEqual(expect.stringContaining('no ratio of any step is a number'))
  })
})

describe('an early stop', () => {
  it('goes on after a first test that is not finite', async () => {
    const layers = Array.from({ length: 100 }, (_, i): NetworkNode[] => [
      { id: `conv${i}`, kind: 'conv2d', attributes: { filters: 4, size: 1 } },
      { id: `norm${i}`, kind: 'batch-norm' },
    ]).flat()
    const deep = documentOf('deep', [...layers, { id: 'pool', kind: 'global-average-pool' }])
    const { run: first } = await train(digits({ rate: 0, steps: 1, batch: 8, evaluation: { every: 0, last: false } }, {}, deep))
    const begun = tensors(first.id)
    const shapeOf = (name: string, length: number): number[] =>
      name.endsWith('head.kernel') ? [4, 10] : name.endsWith('.kernel') ? [1, 1, length / 4, 4] : [length]
    const file = path.join(folder, 'large.safetensors')
    writeSafetensors(
      file,
      [...begun]
        .filter(([name]) => !/^(momenta|statistics)\//.test(name))
        .map(([name, values]) => ({
          name,
          shape: shapeOf(name, values.length),
          data: name.startsWith('conv') ? values.map((value) => value * 1000) : values,
        })),
    )
    const data = { train: 64, test: 50 }
    const asked: Asked = {
      ...digits({ rate: 0, batch: 64, epochs: 6, earlyStop: { measure: 'test-loss', patience: 3 } }, data, deep),
      weights: { file },
    }
    const { run } = await train(asked)
    const losses = (await lab.request('runs.epochs', { run: run.id })).map(({ testLoss }) => testLoss)
    expect(Number.isFinite(losses[0]!) && losses[0] !== null).toBe(false)
    const improves = losses.slice(1).every((loss, i) => i === 0 || loss! < losses[i]!)
    if (improves) expect(run.progress.step).toBe(6)
    expect(run.notices.map(({ message }) => message).join()).not.toContain('since epoch 1')
  })
})
