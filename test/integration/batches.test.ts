import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BatchSampler } from '../../main/datasets/batches'
import { Catalogue } from '../../main/datasets/catalogue'
import { BatchesAhead } from '../../main/engine/batches/ahead'
import { BatchesInStep, type BatchSource, openBatches } from '../../main/engine/batches/source'
import { networkFromPreset } from '../../shared/architecture'
import { Configuration } from '../../shared/configuration'
import { writeSet } from '../unit/datasets/packed-support'
import { ended, openLab, until } from './lab-support'

const thread = path.resolve(__dirname, '../../out/main/engine/batch-thread.js')
const BATCH = 48
const SIDE = 16

let home: string
let dataFolder: string
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-batches-'))
  dataFolder = path.join(home, 'datasets')
  writeNoise('noise', 200)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

function writeNoise(name: string, images: number): void {
  const image = (index: number): number[] =>
    Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (Math.imul(index * 9973 + i * 31, 2654435761) >>> 24) & 255)
  const split = (name: string, length: number) => ({ name, labels: Array.from({ length }, (_, i) => i % 4), image })
  writeSet(dataFolder, name, [SIDE, SIDE, 3], ['a', 'b', 'c', 'd'], [split('train', images), split('test', 20)])
}

function configure(data: string, train?: number): Configuration {
  const network = networkFromPreset('plain:blocks=1,widths=4/8', { input: [SIDE, SIDE, 3], classes: 4 })
  const augmentation = { flip: true, crop: 2, padding: 'zero' }
  return Configuration.parse({ network, data: { name: data, train }, training: { batch: BATCH, augmentation }, seed: 7 })
}

/** Both kinds of the same run's batches. */
function both(configuration: Configuration): { ahead: BatchSource; inStep: BatchSource; close: () => void } {
  const data = new Catalogue(dataFolder).open(configuration.data)
  const sampler = (): BatchSampler => new BatchSampler(data.train.length, BATCH, configuration.seed)
  const pixels = data.train.shape.reduce((product, side) => product * side, 1)
  const ahead = new BatchesAhead({ configuration, dataFolder }, { batch: BATCH, pixels }, sampler(), thread)
  const inStep = new BatchesInStep(configuration, data, sampler())
  const close = (): void => {
    for (const source of [ahead, inStep]) source.close()
    data.close()
  }
  return { ahead, inStep, close }
}

const goOn = (): boolean => false
const bits = async (source: BatchSource): Promise<string> => {
  const { images, labels, waitedMs } = (await source.next(goOn))!
  expect(waitedMs).toBeGreaterThanOrEqual(0)
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Buffer =>
    Buffer.from(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength))
  return Buffer.concat([bytes(images), bytes(labels)]).toString('latin1')
}

describe('batches that a thread prepares', () => {
  it.each([
    ['noise', undefined],
    ['noise', 150],
    ['shapes10', 200],
  ])('are those that the step would fill, to the bit: of %s, %s images', async (name, train) => {
    const { ahead, inStep, close } = both(configure(name, train))
    try {
      for (const source of [ahead, inStep]) source.begin(undefined, 0, 13)
      expect(await ahead.statistics()).toEqual(await inStep.statistics())
      for (let step = 1; step <= 13; step++) {
        expect((await bits(ahead)) === (await bits(inStep)), `step ${step}`).toBe(true)
        expect(ahead.position()).toEqual(inStep.position())
      }
    } finally {
      close()
    }
  })

  it.each([1, 4, 5, 9])('go on after step %i as if they had never been away', async (done) => {
    const whole = both(configure('noise'))
    const rest = both(configure('noise'))
    try {
      whole.inStep.begin(undefined, 0, 12)
      for (let step = 1; step <= done; step++) await whole.inStep.next(goOn)
      rest.ahead.begin(whole.inStep.position(), done, 12)
      for (let step = done + 1; step <= 12; step++)
        expect((await bits(rest.ahead)) === (await bits(whole.inStep)), `step ${step}`).toBe(true)
    } finally {
      whole.close()
      rest.close()
    }
  })

  it('are of a thread from some tens of thousands of numbers on, and filled in the step below', () => {
    const open = (batch: number): boolean => {
      const configuration = configure('noise')
      const plan = { configuration: { ...configuration, training: { ...configuration.training, batch } }, dataFolder }
      const data = new Catalogue(dataFolder).open(configuration.data)
      const source = openBatches(plan, data, new BatchSampler(data.train.length, batch, 1), thread)
      source.close()
      data.close()
      return source instanceof BatchesAhead
    }
    expect([16, 128].map(open)).toEqual([false, true])
  })

  it('stop where the run is told to while it waits', async () => {
    const { ahead, close } = both(configure('noise'))
    try {
      // It was never told to begin.
      let asked = 0
      expect(await ahead.next(() => ++asked === 3)).toBeUndefined()
    } finally {
      close()
    }
  })

  it('end the run with one sentence where the images can no longer be read, and what was trained stays', async () => {
    writeNoise('fading', 400)
    const lab = openLab(home)
    try {
      const { id } = await lab.request('runs.start', {
        network: 'plain:blocks=1,widths=4/8',
        data: { name: 'fading' },
        training: { batch: BATCH, epochs: 500, evaluation: { every: 0 } },
        execution: { threads: 1 },
      })
      await until(lab, id, ({ progress }) => progress.step >= 20)
      const file = readdirSync(path.join(dataFolder, 'fading')).find((name) => name.endsWith('.safetensors'))!
      const place = path.join(dataFolder, 'fading', file)
      truncateSync(place, Math.floor(statSync(place).size / 2))
      const run = await until(lab, id, ended)
      expect(run.state).toBe('failed')
      expect(run.problem?.message).toBe('data set "fading": it became shorter while it was read')
      expect(run.progress.step).toBeGreaterThanOrEqual(20)
    } finally {
      await lab.close()
    }
  })
})
