import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../../main/lab'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { ended, openLab, temporaryHome, until } from '../lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
beforeAll(() => (lab = openLab(path.join(home, 'lab'))))
afterAll(async () => {
  await lab.close()
  remove()
})

/** A set as `datasets export` writes it: vectors and labels by split. */
async function exported(name: string): Promise<{ vectors: Float32Array; labels: Int32Array; shape: readonly number[] }> {
  const out = path.join(home, `${name.replace(/\W/g, '-')}.safetensors`)
  await lab.start('datasets.export', { name, out }).result
  const file = SafetensorsReader.open(out)
  const found = {
    ...{ vectors: file.readFloats('train/vectors'), labels: file.readIntegers('train/labels') },
    shape: file.info('train/vectors').shape,
  }
  file.close()
  return found
}

describe('a set that is made by program', () => {
  it('is kept under a name with the very vectors, a hash of its own, and the words that it was made of', async () => {
    const made = 'clusters:features=3,classes=4,train=200,test=40'
    const set = await lab.start('datasets.create', { made, name: 'clouds' }).result
    expect(set).toMatchObject({
      ...{ name: 'clouds', shape: [1, 1, 3], vectors: {}, classes: ['0', '1', '2', '3'], procedural: false },
      prepared: { source: { name: 'clusters:classes=4,features=3,train=200,test=40' }, steps: [] },
    })
    const kept = await exported('clouds')
    expect(kept.shape).toEqual([200, 3])
    expect(kept).toEqual(await exported(made))
    const of = await lab.request('datasets.show', { name: made })
    set.splits[0]!.mean.forEach((mean, i) => expect(mean).toBeCloseTo(of.splits[0]!.mean[i]!, 10))
    expect(await lab.start('datasets.verify', { name: 'clouds' }).result).toEqual({ hash: set.hash })
    const again = await lab.start('datasets.create', { made, name: 'clouds again' }).result
    expect(again.hash).toBe(set.hash)
  })

  it('built in is verified by the hash that the program has', async () => {
    for (const name of ['spirals', 'checkerboard', 'digits'])
      expect((await lab.start('datasets.verify', { name }).result).hash).toHaveLength(64)
    await expect(lab.start('datasets.verify', { name: 'spirals:turns=1' }).result).rejects.toThrow(/no hash is on record/)
  })

  it('is prepared by the steps that choose, and refuses those of pixels', async () => {
    const noisy = await lab.start('datasets.prepare', {
      ...{ source: 'clouds', name: 'noisy clouds' },
      steps: [{ step: 'label-noise', share: 0.5, seed: 2 }],
    }).result
    expect(noisy).toMatchObject({ shape: [1, 1, 3], vectors: {} })
    const [before, after] = [await exported('clouds'), await exported('noisy clouds')]
    expect(after.vectors).toEqual(before.vectors)
    const wrong = after.labels.filter((label, i) => label !== before.labels[i]).length
    expect(wrong).toBeGreaterThan(70)
    expect(wrong).toBeLessThan(130)
    const resized = lab.start('datasets.plan', { source: 'clouds', steps: [{ step: 'resize', height: 2, width: 2 }] })
    await expect(resized.result).rejects.toThrow(/step "resize": its vectors cannot be .*scaled/)
  })

  it('is looked at by its features, and has no pictures', async () => {
    const all = (await exported('clouds')).vectors
    const asked = { name: 'clouds', split: 'train', first: 1, every: 50, count: 10, features: [2, 0] }
    const { values } = await lab.request('datasets.vectors', asked)
    expect([...values]).toEqual([1, 51, 101, 151].flatMap((at) => [all[3 * at + 2]!, all[3 * at]!]))
    await expect(lab.request('datasets.vectors', { ...asked, features: [3] })).rejects.toThrow(/no feature 3/)
    await expect(lab.request('datasets.images', { name: 'clouds', split: 'train', indices: [0] })).rejects.toThrow(/no pictures/)
    await expect(lab.request('datasets.vectors', { ...asked, name: 'digits' })).rejects.toThrow(/holds images and no vectors/)
    await expect(lab.start('datasets.look', { name: 'clouds' }).result).rejects.toThrow(/no levels/)
  })

  it('is checked for copies that are the same, and for nothing that is of pictures', async () => {
    const { findings, verdict } = await lab.start('datasets.check', { name: 'clouds' }).result
    expect(findings.find(({ check }) => check === 'near-copies')?.sentence).toContain('this set holds vectors')
    expect(verdict).toContain('No vector of test has an exact copy in train')
  })
})

describe('vectors of one’s own', () => {
  it('are not brought in, which is said', async () => {
    await exported('spirals')
    const file = path.join(home, 'spirals.safetensors')
    await expect(lab.start('datasets.import', { source: file, name: 'own' }).result).rejects.toThrow(
      /it holds vectors, and images alone are brought in/,
    )
    const array = path.join(home, 'own.npy')
    const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".padEnd(117) + '\n'
    const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, head.length, 0])
    writeFileSync(array, Buffer.concat([magic, Buffer.from(head, 'latin1'), Buffer.alloc(24)]))
    await expect(lab.start('datasets.import', { source: array, name: 'own' }).result).rejects.toThrow(
      /own\.npy is 3×2: vectors, and images alone are brought in/,
    )
  })
})

describe('a network of dense layers', () => {
  it('learns a set by its one name, with a ratio for each block', async () => {
    const { id: run } = await lab.request('runs.start', {
      ...{ network: 'residual-mlp:blocks=3,width=24', data: { name: 'spirals:noise=0.030,turns=1', train: 2000, test: 500 } },
      training: { batch: 50, epochs: 6 },
      execution: { threads: 1 },
    })
    const summary = await until(lab, run, ended)
    expect(summary).toMatchObject({ state: 'done', dataset: 'spirals:turns=1', blocks: 3 })
    expect(summary.last!.testAccuracy).toBeGreaterThan(0.9)
    const { configuration } = await lab.request('runs.show', { run })
    expect(configuration.data.name).toBe('spirals:turns=1')
  })

  it('takes the place of one of pictures, which says what it needs before anything starts', async () => {
    const wanted =
      /this network is of images, and "spirals" holds vectors, images of one pixel to it: 2 .*; take residual-mlp, which is meant for vectors, or a data set of images$/
    const data = { name: 'spirals' }
    await expect(lab.request('runs.plan', { network: 'densenet-bc:blocks=3,growth=6,stages=2', data })).rejects.toThrow(wanted)
    const ready = await lab.request('experiments.ready', { data: 'spirals' })
    const { definition } = ready.find(({ name }) => name === 'figure')!.sizes[0]!
    await expect(lab.request('experiments.plan', { definition })).rejects.toThrow(wanted)
    await expect(lab.request('runs.plan', { network: 'densenet-bc:growht=6', data })).rejects.toThrow('has no option “growht”')
  })

  it('is not trained with what only pictures have', async () => {
    const start = (training: object) =>
      lab.request('runs.start', { network: 'residual-mlp:blocks=1', data: { name: 'spirals' }, training })
    await expect(start({ augmentation: { flip: true } })).rejects.toThrow(/vectors cannot be mirrored or cropped/)
    await expect(start({ projection: { layers: 'transitions' } })).rejects.toThrow(/nothing to project/)
    const other = lab.request('runs.start', { network: 'residual-mlp:input=1x1x3', data: { name: 'spirals' } })
    await expect(other).rejects.toThrow('its input is 1×1×3 and the vectors of "spirals" have 2 features')
  })
})
