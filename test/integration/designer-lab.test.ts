import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../main/lab'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../../main/formats/safetensors'
import type { RequestInput, SubscriptionInput } from '../../shared/api'
import { networkFromPreset } from '../../shared/architecture'
import type { InitialEvent } from '../../shared/initial-measures'
import { ratios } from '../../shared/norms/ratio'
import type { StepRecord } from '../../shared/records'
import { NET, ended, eventually, isRunning, jsonLines, normlab, openLab, temporaryHome, until } from './lab-support'

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

const PROJECTED = 'proc-resnet:blocks=1,planes=4/8'
const document = networkFromPreset(NET)
/** The same for the images of `digits`. */
const digitNet = networkFromPreset(NET, { input: [8, 8, 1], classes: 10 })

type Question = SubscriptionInput<'networks.initial'>
type Measured = Extract<InitialEvent, { state: 'measured' }>

/** All that is heard of a question, to its last event. */
function ask(question: Question): Promise<InitialEvent[]> {
  return new Promise((resolve) => {
    const heard: InitialEvent[] = []
    const release = lab.subscribe('networks.initial', question, (event) => {
      heard.push(event)
      if (event.state === 'working') return
      release()
      resolve(heard)
    })
  })
}
async function measured(question: Question): Promise<Measured> {
  const last = (await ask(question)).pop()!
  expect(last).toMatchObject({ state: 'measured' })
  return last as Measured
}
async function refused(question: Question): Promise<string> {
  const last = (await ask(question)).pop()!
  return last.state === 'refused' ? last.message : `it was ${last.state}`
}

/** The first steps of a run that takes the whole data set, as a measurement does. */
async function firstSteps(input: Omit<RequestInput<'runs.start'>, 'data'>): Promise<StepRecord[]> {
  const training = { batch: 8, steps: 3, rate: 0.01, ...input.training, evaluation: { every: 0 } }
  const { id } = await lab.request('runs.start', { ...input, data: { name: 'digits', test: 8 }, training })
  const summary = await until(lab, id, ended)
  expect(summary).toMatchObject({ state: 'done', problem: null })
  return lab.request('runs.steps', { run: id, from: 1, to: 3 })
}

describe('a network before its training', () => {
  it('has the loss and the norms of step 1 of a run with its seed, batch and initialisation', async () => {
    const question = { network: NET, data: 'digits', batch: 8, seed: 7, init: 'orthogonal' } as const
    const { plain, units } = await measured(question)
    const [step] = await firstSteps({ network: NET, seed: 7, training: { init: 'orthogonal' } })
    expect(plain.loss).toBe(step!.loss)
    expect(plain.norms).toEqual(step!.norms)
    expect([plain.ratios, plain.ratios.length]).toEqual([ratios(step!.norms), units.length])
  })

  it('is measured again with its stem and transitions projected, as a run that projects at its start is', async () => {
    const { projected, kernels } = await measured({ network: PROJECTED, data: 'digits', seed: 2, zeroGamma: true })
    const projection = { layers: 'transitions', atStart: true } as const
    const [step] = await firstSteps({ network: PROJECTED, seed: 2, training: { zeroGamma: true, projection } })
    expect(projected!.loss).toBe(step!.loss)
    expect(projected!.norms).toEqual(step!.norms)
    expect(kernels.map(({ layer }) => layer)).toEqual(['stem.conv', 'transition1.conv'])
    // A 1×1 convolution of 16 to 32 channels: its projection is exact.
    const { before, after, reached } = kernels[1]!
    expect(after).toBeCloseTo(Math.SQRT2, 12)
    expect(before[0]).toBeGreaterThan(before[1])
    for (const value of reached) expect(value).toBeCloseTo(after, 5)
  })

  it('without a stem or a transition to project is measured as it is', async () => {
    const bare = { ...digitNet, nodes: digitNet.nodes.map(({ unit: _, ...node }) => node) }
    expect(await measured({ network: bare, data: 'digits' })).toMatchObject({ projected: null, kernels: [] })
  })

  it('is refused in one sentence where it does not fit', async () => {
    expect(await refused({ network: document, data: 'digits' })).toMatch(/its input is 32×32×3 and the images of "digits"/)
    expect(await refused({ network: 'nonsense' })).toMatch(/there is no preset/)
    expect(await refused({ network: NET, data: 'nothing' })).toMatch(/no such data set/)
    expect(await refused({ network: 'wide-resnet-28-10', batch: 65_536, data: 'shapes10' })).toMatch(
      /a batch of 65536 is larger|needs about/,
    )
    expect(await refused({ network: NET, weights: 5 })).toMatch(/there is no item 5 in the library/)
  })

  it('is measured one at a time; who lets go is not waited for, and its process ends at once', async () => {
    const heard: InitialEvent[] = []
    const release = lab.subscribe('networks.initial', { network: 'proc-resnet-1003', data: 'shapes10' }, (event) =>
      heard.push(event),
    )
    const second = ask({ network: NET, data: 'digits' })
    await eventually(() => heard.some((event) => event.state === 'working' && event.phase === 'compiling'))
    await eventually(() => childrenOf(process.pid).length === 1)
    const [engine] = childrenOf(process.pid)
    release()
    await eventually(() => !isRunning(engine!))
    const told = heard.length
    const events = await second
    expect(events[0]).toEqual({ state: 'working', phase: 'waiting' })
    expect(events[events.length - 1]).toMatchObject({ state: 'measured' })
    expect(heard).toHaveLength(told)
  })
})

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/\(.*\)/, 'x')
        .split(' ')
      return Number(fields[3]) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host.js') ? [Number(pid)] : []
    } catch {
      return []
    }
  })
}

describe('weights', () => {
  const file = (name: string): string => path.join(home, name)
  const write = (name: string, tensors: readonly TensorSource[]): string => {
    writeSafetensors(file(name), tensors)
    return file(name)
  }
  /** The tensors of a file, under other names or with other values. */
  const changed = (
    from: string,
    change: (tensor: { name: string; shape: readonly number[]; data: Float32Array }) => TensorSource[],
  ) => {
    const reader = SafetensorsReader.open(file(from))
    const tensors = reader.tensors.flatMap(({ name, shape }) => change({ name, shape, data: reader.readFloats(name) }))
    reader.close()
    return tensors
  }
  async function itemWith(network: typeof document, seed: number): Promise<number> {
    const { id } = await lab.request('library.save', { document: network })
    await lab.request('weights.export', { from: { network, seed }, out: file(`seed${seed}.safetensors`) })
    const item = await lab.request('weights.import', { item: id, file: file(`seed${seed}.safetensors`) })
    expect(item.weights).toMatchObject({ name: `seed${seed}.safetensors` })
    return id
  }

  it('of a seed are what a run with that seed begins with: brought in, its steps are the same bit by bit', async () => {
    const item = await itemWith(digitNet, 5)
    const own = await firstSteps({ network: digitNet, seed: 5 })
    const begun = await firstSteps({ network: digitNet, seed: 5, training: { init: 'glorot-normal' }, weights: { item } })
    const plain = (steps: StepRecord[]) => steps.map(({ ms: _, waitedMs: _waited, ...rest }) => rest)
    expect(plain(begun)).toEqual(plain(own))
    expect((await measured({ network: digitNet, data: 'digits', seed: 5, weights: item })).plain.loss).toBe(own[0]!.loss)
    // Another run takes what that one began with, also when the library has forgotten it.
    await lab.request('weights.forget', { item })
    expect(plain(await firstSteps({ network: digitNet, seed: 5, weights: { run: 2 } }))).toEqual(plain(own))
    expect(plain(await firstSteps({ network: digitNet, seed: 5, weights: { file: file('seed5.safetensors') } }))).toEqual(
      plain(own),
    )
    const hashes = await Promise.all(
      [2, 3, 4].map(async (run) => (await lab.request('runs.show', { run })).configuration.weights),
    )
    expect(new Set(hashes).size).toBe(1)
    expect(readdirSync(path.join(home, 'weights'))).toEqual([])
    await expect(lab.request('runs.start', { network: digitNet, data: { name: 'digits' }, weights: { run: 1 } })).rejects.toThrow(
      'run 1 began with initial values and not with weights',
    )
  })

  it('of a run are those of its newest checkpoint, and go into the library', async () => {
    await firstSteps({ network: digitNet, seed: 5 })
    const { tensors, parameters } = await lab.request('weights.export', { from: { run: 1 }, out: file('run.safetensors') })
    expect(parameters).toBe((await lab.request('networks.inspect', { network: digitNet })).parameters)
    const { id } = await lab.request('library.save', { document: digitNet })
    await lab.request('weights.import', { item: id, file: file('run.safetensors') })
    expect(await lab.request('weights.export', { from: { item: id }, out: file('again.safetensors') })).toMatchObject({ tensors })
    expect(readFileSync(file('again.safetensors'))).toEqual(readFileSync(file('run.safetensors')))
  })

  it('come under any of their four prefixes, and are refused in one sentence where they do not fit', async () => {
    const item = await itemWith(digitNet, 5)
    const before = (await lab.request('library.show', { id: item })).weights!
    const bring = (name: string) => lab.request('weights.import', { item, file: file(name) })
    for (const prefix of ['param/', 'initial/', 'final/']) {
      write(
        'prefixed',
        changed('seed5.safetensors', (tensor) => [{ ...tensor, name: prefix + tensor.name }]),
      )
      expect((await bring('prefixed')).weights).toMatchObject({ name: 'prefixed', hash: before.hash })
    }
    write(
      'few',
      changed('seed5.safetensors', (tensor) => (tensor.name.endsWith('kernel') ? [tensor] : [])),
    )
    await expect(bring('few')).rejects.toThrow(/do not fit the network: there is no tensor ".*", and \d+ more do not fit/)
    write(
      'misfit',
      changed('seed5.safetensors', (tensor) => [tensor.name === 'head.bias' ? { ...tensor, shape: [2, 5] } : tensor]),
    )
    await expect(bring('misfit')).rejects.toThrow('do not fit the network: tensor "head.bias" is 2×5 and the network’s is 10')
    write('nan', changed('seed5.safetensors', (tensor) => [tensor.name === 'head.bias' ? { ...tensor, data: tensor.data.fill(NaN) } : tensor])) // prettier-ignore
    await expect(bring('nan')).rejects.toThrow('tensor "head.bias" holds a value that is not finite')
    writeFileSync(file('none'), 'not weights')
    await expect(bring('none')).rejects.toThrow(/no file of weights that is known/)
    expect((await lab.request('library.show', { id: item })).weights).toMatchObject({ hash: before.hash })
    expect(readdirSync(path.join(home, 'weights'))).toHaveLength(1)
  })

  it('that no longer fit their network are refused in one sentence, to train and to measure', async () => {
    const item = await itemWith(digitNet, 5)
    const wider = networkFromPreset('plain:blocks=1,widths=4/16', { input: [8, 8, 1], classes: 10 })
    await lab.request('library.save', { id: item, document: wider })
    const start = lab.request('runs.start', { network: wider, data: { name: 'digits' }, weights: { item } })
    const sentence = /^seed5\.safetensors: the weights do not fit the network: tensor/
    await expect(start).rejects.toThrow(sentence)
    expect(await refused({ network: wider, data: 'digits', weights: item })).toMatch(sentence)
    const take = lab.request('weights.export', { from: { item }, out: file('again.safetensors') })
    await expect(take).rejects.toThrow(sentence)
    expect(await lab.request('runs.list', {})).toEqual([])
  })

  it('stay where a run’s bundle goes: the run that it becomes says so', async () => {
    await itemWith(digitNet, 5)
    await firstSteps({ network: digitNet, weights: { item: 1 } })
    expect(existsSync(path.join(home, 'checkpoints/1/initial.safetensors'))).toBe(true)
    await lab.request('runs.export', { run: 1, out: file('run.normlab'), format: 'bundle' })
    const { id } = await lab.request('runs.import', { file: file('run.normlab') })
    await expect(
      lab.request('runs.start', { network: digitNet, data: { name: 'digits' }, weights: { run: id } }),
    ).rejects.toThrow(`the weights that run ${id} began with are not in this data folder`)
  })

  it('that were changed beside a run keep it from beginning', async () => {
    await itemWith(digitNet, 5)
    await lab.request('lab.configure', { parallelRuns: 1 })
    const long = { network: digitNet, data: { name: 'digits' }, training: { batch: 8, epochs: 1000, rate: 0.01 } }
    const { id: first } = await lab.request('runs.start', long)
    const { id } = await lab.request('runs.start', { ...long, weights: { item: 1 } })
    writeFileSync(path.join(home, `checkpoints/${id}/initial.safetensors`), 'other')
    await lab.request('runs.stop', { run: first })
    expect((await until(lab, id, ended)).problem?.message).toMatch(/the weights that this run begins with were changed/)
  })
})

describe('the command line of the designer', () => {
  it('keeps networks in the library and takes them from there', async () => {
    await lab.close()
    writeFileSync(path.join(home, 'net.json'), JSON.stringify(document))
    expect(await normlab(['library', 'import', path.join(home, 'net.json')], home)).toMatchObject({ status: 0 })
    expect(jsonLines((await normlab(['library', 'list', '--json'], home)).stdout)).toMatchObject([{ id: 1, kind: 'network' }])
    expect((await normlab(['inspect', 'library:1'], home)).stdout).toMatch(new RegExp(`^${NET}: `))
    const out = path.join(home, 'out.json')
    await normlab(['library', 'export', '1', '--out', out], home)
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(document)
    await normlab(['library', 'delete', '1'], home)
    expect(await normlab(['inspect', 'library:1'], home)).toMatchObject({ status: 2, stderr: expect.stringContaining('was deleted') as string }) // prettier-ignore
  })

  it('measures, writes weights, and trains from them', async () => {
    await lab.close()
    const { status, stdout } = await normlab(['measure', PROJECTED, '--data', 'digits', '--seed', '5', '--json'], home)
    const [answer] = jsonLines(stdout) as [{ plain: { loss: number }; projected: object; kernels: object[] }]
    expect([status, answer.kernels.length]).toEqual([0, 2])
    expect((await normlab(['measure', PROJECTED, '--data', 'digits'], home)).stdout).toMatch(/^ratio .* initial {2}projected\n/)
    const out = path.join(home, 'w.safetensors')
    const network = path.join(home, 'net.json')
    writeFileSync(network, JSON.stringify(networkFromPreset(PROJECTED, { input: [8, 8, 1], classes: 10 })))
    expect(await normlab(['weights', network, '--seed', '5', '--out', out], home)).toMatchObject({ status: 0 })
    const settings = ['--data', 'digits', '--batch', '8', '--steps', '1', '--seed', '5', '--init', 'orthogonal', '--json']
    const trained = jsonLines((await normlab(['train', network, ...settings, '--weights', out], home)).stdout)
    expect(trained[0]).toMatchObject({ step: 1, loss: answer.plain.loss })
    const cloned = jsonLines((await normlab(['runs', 'clone', '1', '--set', 'seed=6', '--json'], home)).stdout)
    expect(cloned[0]).toMatchObject({ run: 2, step: 1 })
    expect((await normlab(['runs', 'show', '2'], home)).stdout).toMatch(/^weights {2,}[0-9a-f]{64}$/m)
    // Of a run's network they are initial values, as of any, and of a run its own: which of both was written is told.
    for (const [words, which] of [
      [['--run', '1'], 'newest checkpoint'],
      [['run:1', '--seed', '7'], 'initial values, seed 7'],
    ] as const) {
      const told = await normlab(['weights', ...words, '--out', out], home)
      expect(told).toMatchObject({ status: 0, stdout: expect.stringContaining(which) as string })
    }
    expect(await normlab(['weights', '--out', out], home)).toMatchObject({ status: 2 })
  })
})
