import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BatchSampler } from '../../main/datasets/batches'
import { Catalogue } from '../../main/datasets/catalogue'
import { BatchesInStep } from '../../main/engine/batches/source'
import { NetworkSession } from '../../main/engine/network-session'
import { measureMoved } from '../../main/engine/tasks/moved'
import { runBatch } from '../../main/engine/training/first-batch'
import { initialParameters } from '../../main/engine/training/initialise'
import { SafetensorsReader, writeSafetensors } from '../../main/formats/safetensors'
import { depthScaling, expand, networkFromPreset } from '../../shared/architecture'
import { Configuration, initialValuesOf } from '../../shared/configuration'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'

/** Depth as a knob, by hand and by PyTorch's optimisers; see reference/torch/make_depth.py. */
const folder = path.resolve(__dirname, 'reference/torch')

interface Told {
  readonly base: number
  readonly rate: number
  readonly epsilon: number
  readonly decay: number
  /** All parameters, by the number of blocks. */
  readonly members: Readonly<Record<string, { readonly inside: readonly string[]; readonly outside: readonly string[] }>>
  readonly cases: readonly {
    readonly blocks: number
    readonly alpha: number
    readonly optimiser: 'sgd' | 'adam' | 'adamw'
    readonly multiplier: number
    readonly inside: readonly [rate: number, epsilon: number]
    readonly outside: readonly [rate: number, epsilon: number]
  }[]
}
const told = JSON.parse(fs.readFileSync(path.join(folder, 'depth.json'), 'utf8')) as Told
const { base, rate, epsilon, decay } = told

const open = (blocks: number, alpha: number) =>
  expand(
    networkFromPreset(
      `residual-mlp:blocks=${blocks},width=6,norm=none,depth-alpha=${alpha},depth-base=${base},input=1x1x3,classes=4`,
    ),
  )

describe.each(told.cases)(
  '$blocks blocks at alpha $alpha by $optimiser',
  ({ blocks, alpha, optimiser, multiplier, inside, outside }) => {
    it('have the multipliers, and each parameter its rate and ε', () => {
      const network = open(blocks, alpha)
      const multipliers = network.layers.filter(({ op }) => op.kind === 'scale').map(({ attributes }) => attributes['value'])
      expect(multipliers).toHaveLength(alpha === 0 ? 0 : blocks)
      for (const value of multipliers) expect(Number(value) / multiplier).toBeCloseTo(1, 12)
      const scaling = depthScaling(network, { alpha, base })
      const found = network.layers.flatMap((layer, i) =>
        layer.parameters.map(({ name }) => [
          `${layer.name}.${name}`,
          rate * (scaling?.factorOf(i, optimiser) ?? 1),
          epsilon * (scaling?.epsilon ?? 1),
        ]),
      )
      const members = told.members[blocks]!
      const wanted = new Map([
        ...members.inside.map((name) => [name, inside] as const),
        ...members.outside.map((name) => [name, outside] as const),
      ])
      expect(new Set(found.map(([name]) => name))).toEqual(new Set(wanted.keys()))
      for (const [name, ownRate, ownEpsilon] of found as [string, number, number][]) {
        expect(ownRate / wanted.get(name)![0], name).toBeCloseTo(1, 12)
        if (optimiser !== 'sgd') expect(ownEpsilon / wanted.get(name)![1], name).toBeCloseTo(1, 12)
      }
    })
  },
)

describe('a net of eight blocks', () => {
  const file = SafetensorsReader.open(path.join(folder, 'depth.safetensors'))
  const batch = { images: file.readFloats('images'), labels: file.readIntegers('labels') }
  afterAll(() => file.close())

  const cases = [0, 0.5, 1].flatMap((alpha) =>
    (['sgd', 'adam', 'adamw'] as const).map((optimiser) => [alpha, optimiser] as const),
  )
  it.each(cases)('at alpha %s by %s computes and steps as PyTorch does', (alpha, optimiser) => {
    const session = new NetworkSession(open(8, alpha), {
      ...{ batch: 7, threads: 1 },
      optimiser: { optimiser, epsilon, momentum: 0.9, nesterov: false, weightDecay: decay, depth: { alpha, base } },
    })
    try {
      const { slots, length } = session.graph.parameters
      const start = new Float32Array(length)
      for (const { name, offset } of slots) start.set(file.readFloats(`initial/${name}`), offset)
      session.set('parameters', start)
      const said = `${alpha}/${optimiser}`
      expectClose(session.differentiate(batch).logits, file.readFloats(`${said}/logits`), 1e-5, 'logits')
      const losses = [1, 2, 3].map((step) => session.step(batch, rate, step).loss)
      expectClose(losses, file.readFloats(`${said}/losses`), 1e-4, 'losses')
      const final = session.get('parameters')
      for (const { name, offset, length: size } of slots)
        expectClose(final.subarray(offset, offset + size), file.readFloats(`${said}/final/${name}`), 1e-4, name)
    } finally {
      session.close()
    }
  })
})

/** How far four steps on one batch move the logits: the root mean square over all of them. */
function moved(blocks: number, alpha: number, optimiser: 'sgd' | 'adamw'): number {
  const network = expand(
    networkFromPreset(`residual-mlp:blocks=${blocks},width=64,norm=none,depth-alpha=${alpha},depth-base=4,input=1x1x16`),
  )
  const session = new NetworkSession(network, {
    ...{ batch: 32, threads: 1 },
    optimiser: { optimiser, momentum: 0, nesterov: false, weightDecay: 0, depth: { alpha, base: 4 } },
  })
  try {
    session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
    const random = new Random(101)
    const images = Float32Array.from({ length: 32 * 16 }, () => random.normal())
    const labels = Int32Array.from({ length: 32 }, () => random.integer(10))
    const before = session.evaluate(images).slice()
    for (let step = 1; step <= 4; step++) session.step({ images, labels }, optimiser === 'sgd' ? 0.02 : 0.0005, step)
    const after = session.evaluate(images)
    return Math.sqrt(before.reduce((sum, value, i) => sum + (after[i]! - value) ** 2, 0) / before.length)
  } finally {
    session.close()
  }
}

describe('the change of activations', () => {
  it.each([
    ['a part of the split', { name: 'digits', train: 128 }, 'channel'],
    ['another split, as it is', { name: 'digits', train: 100, trainSplit: 'test', testSplit: 'train' }, 'none'],
  ] as const)('is told on the run’s own batch: %s', async (_, given, standardisation) => {
    const [batch, seed, dataFolder] = [16, 5, '']
    const network = networkFromPreset('residual-mlp:blocks=1,width=8,input=8x8x1')
    const training = { batch, standardisation, augmentation: { flip: false, crop: 0 } }
    const configuration = Configuration.parse({ network, data: given, training, seed })
    const data = new Catalogue(dataFolder).open(configuration.data)
    const source = new BatchesInStep(configuration, data, new BatchSampler(data.train.length, batch, seed))
    try {
      source.begin(undefined, 0)
      const { images, labels } = await source.next()
      const own = runBatch({ data: given, dataFolder, standardisation, batch, seed })
      expect(own.labels).toEqual(labels)
      expect(own.images).toEqual(images)
    } finally {
      source.close()
      data.close()
    }
  })

  it('is between the initial weights and those of a file, on the images of the first step', async () => {
    const document = networkFromPreset('residual-mlp:blocks=3,width=8,norm=none,depth-alpha=0.5,input=8x8x1')
    const { training } = Configuration.parse({ network: document, data: { name: 'digits' } })
    const start = {
      data: { name: 'digits' },
      standardisation: 'channel',
      dataFolder: '',
      batch: 16,
      seed: 5,
      init: 'he-fan-in',
      lsuv: false,
      zeroGamma: false,
      biasDeviation: 0,
      projection: training.projection,
      whitening: training.whitening,
    } as const
    const network = expand(document)
    const optimiser = { optimiser: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const
    const session = new NetworkSession(network, { batch: 16, threads: 1, optimiser })
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'normlab-moved-'))
    try {
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 5))
      const batch = runBatch(start)
      // Without norms and dropout the pass of a test is that of training.
      const before = session.evaluate(batch.images).slice()
      for (let step = 1; step <= 3; step++) session.step(batch, 0.02, step)
      const after = session.evaluate(batch.images)
      const values = session.get('parameters')
      const file = path.join(scratch, 'weights.safetensors')
      const tensors = session.graph.parameters.slots.map(({ name, shape, offset, length }) => {
        return { name, shape, data: values.slice(offset, offset + length) }
      })
      writeSafetensors(file, tensors)
      const found = await measureMoved({ ...start, network: document, weights: { file } }, () => undefined)
      const size = (numbers: Float32Array): number => Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length)
      expect(found.blocks).toBe(3)
      expect(found.logits / size(after.map((x, i) => x - before[i]!))).toBeCloseTo(1, 4)
      expect(found.logitsBefore / size(before)).toBeCloseTo(1, 4)
      // As far as the whole pass has changed; what leaves the last block is part of it.
      expect(found.stream).toBeGreaterThan(0)
      expect(found.streamBefore).toBeGreaterThan(found.stream)
    } finally {
      session.close()
      fs.rmSync(scratch, { recursive: true, force: true })
    }
  })
})

describe('the change of activations by training alone', () => {
  const document = networkFromPreset('proc-resnet:blocks=1,planes=4/8,input=8x8x1')
  const network = expand(document)

  it.each([
    { name: 'projection', projection: { layers: 'transitions', atStart: true } },
    { name: 'whitening', whitening: { layers: 'all', atStart: true } },
    { name: 'both', projection: { layers: 'all', atStart: true }, whitening: { layers: 'all', atStart: true } },
  ])('is 0 before any step, whatever a repair has made of the start: $name', async ({ projection, whitening }) => {
    const { training } = Configuration.parse({ network: document, data: { name: 'digits' }, training: { projection, whitening } })
    const repairs = { projection: training.projection, whitening: training.whitening }
    const session = new NetworkSession(network, { batch: 16, threads: 1, ...repairs })
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'normlab-moved-'))
    try {
      const { slots } = session.graph.parameters
      const initial = initialParameters(network, session.graph.parameters, 'he-fan-in', 5)
      session.set('parameters', initial)
      if (training.whitening.atStart) session.whiten()
      if (training.projection.atStart) session.project()
      const file = path.join(scratch, 'weights.safetensors')
      const first = session.get('parameters')
      expect(first).not.toEqual(initial)
      writeSafetensors(
        file,
        slots.map(({ name, shape, offset, length }) => ({ name, shape, data: first.slice(offset, offset + length) })),
      )
      const start = { ...initialValuesOf(training), init: 'he-fan-in', dataFolder: '', batch: 16, seed: 5 } as const
      const asked = {
        ...start,
        data: { name: 'digits' },
        standardisation: 'channel',
        network: document,
        weights: { file },
      } as const
      const found = await measureMoved({ ...asked, ...repairs }, () => undefined)
      expect(found.stream / found.streamBefore).toBeLessThan(1e-5)
      expect(found.logits / found.logitsBefore).toBeLessThan(1e-5)
    } finally {
      session.close()
      fs.rmSync(scratch, { recursive: true, force: true })
    }
  })
})

describe('the coordinate check', () => {
  it.each(['sgd', 'adamw'] as const)(
    'moves a net of 64 blocks about as far as one of 16 by %s, and without multipliers never',
    (optimiser) => {
      for (const alpha of [0.5, 1]) {
        const ratio = moved(64, alpha, optimiser) / moved(16, alpha, optimiser)
        expect(ratio).toBeGreaterThan(0.6)
        expect(ratio).toBeLessThan(1.6)
      }
      const ratio = moved(64, 0, optimiser) / moved(16, 0, optimiser)
      expect(Number.isNaN(ratio) || ratio > 10).toBe(true)
    },
  )
})
