import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Window } from '../../../main/datasets/augment'
import { AUGMENTATION_STREAM, drawsOf } from '../../../main/engine/training/draws'
import type { OpenLab } from '../../../main/lab'
import { png } from '../../support/png'
import { openLab, temporaryHome } from '../lab-support'

const { home, remove } = temporaryHome()
const folder = path.join(home, 'weather')
const SIDE = 6
let lab: OpenLab

/** Every value tells its picture and place. */
const pixelsOf = (picture: number): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (31 * picture + 2 * i) % 256)

beforeAll(async () => {
  ;['train', 'test'].forEach((split, s) =>
    ['rain', 'sun'].forEach((name, label) => {
      mkdirSync(path.join(folder, split, name), { recursive: true })
      for (let i = 0; i < 3; i++)
        writeFileSync(path.join(folder, split, name, `${i}.png`), png(SIDE, SIDE, pixelsOf(6 * s + 3 * label + i)))
    }),
  )
  writeFileSync(path.join(folder, 'train/rain/notes.txt'), 'wet')
  lab = openLab(path.join(home, 'lab'))
  await lab.start('datasets.import', { source: folder, name: 'weather' }).result
})
afterAll(async () => {
  await lab.close()
  remove()
})

/** An .npy of bytes. */
function npy(shape: readonly number[]): Buffer {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117) + '\n'
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0])
  return Buffer.concat([head, Buffer.from(header, 'latin1'), Buffer.alloc(shape.reduce((a, b) => a * b, 1))])
}

describe('what a source is taken for', () => {
  it('is told with its classes, splits, first pictures and questions, and nothing is written', async () => {
    const before = readdirSync(path.join(home, 'lab/datasets'))
    const { found, ...told } = await lab.start('datasets.recognise', { source: folder }).result
    expect(told).toMatchObject({ place: 'weather', name: 'weather 2', kind: 'image-folder', problem: null })
    expect(told.kinds.find(({ name }) => name === told.kind)?.asks).toEqual(['order', 'keepEmpty', 'channels', 'otherSizes'])
    expect(found).toMatchObject({
      classes: ['rain', 'sun'],
      shape: [SIDE, SIDE, 3],
      splits: [
        { name: 'train', images: 6 },
        { name: 'test', images: 6 },
      ],
    })
    expect(found!.remarks.join()).toContain('notes.txt')
    expect(found!.pictures).toHaveLength(12)
    expect(found!.pictures[4]).toMatchObject({ split: 'train', label: 'sun', pixels: pixelsOf(4) })
    expect(readdirSync(path.join(home, 'lab/datasets'))).toEqual(before)
  })

  it('is told with what keeps it out, until the question is answered', async () => {
    const arrays = path.join(home, 'arrays')
    mkdirSync(arrays)
    writeFileSync(path.join(arrays, 'x.npy'), npy([4, 3, 5, 3]))
    writeFileSync(path.join(arrays, 'y.npy'), npy([4]))
    const asked = await lab.start('datasets.recognise', { source: arrays }).result
    expect(asked.kind).toBe('arrays')
    expect(asked.found).toBeNull()
    expect(asked.problem).toMatch(/N×H×W×C and N×C×H×W alike/)
    const answered = await lab.start('datasets.recognise', { source: arrays, choices: { layout: 'nchw' } }).result
    expect(answered.problem).toBeNull()
    expect(answered.found!.shape).toEqual([5, 3, 3])
  })

  it('has a word that stands for it on pages; the word goes with the import, and what was temporary with it', async () => {
    const temporary = path.join(home, 'sent')
    mkdirSync(temporary)
    const source = path.join(temporary, 'x.safetensors')
    await lab.start('datasets.export', { name: 'weather', out: source }).result
    const { chosen, name } = await lab.request('datasets.choose', { files: [source], temporary: true })
    expect(name).toBe('x.safetensors')
    expect((await lab.start('datasets.recognise', { chosen }).result).kind).toBe('safetensors')
    const set = await lab.start('datasets.import', { chosen, name: 'sent' }).result
    expect(set.hash).toBe((await lab.request('datasets.show', { name: 'weather' })).hash)
    expect(existsSync(temporary)).toBe(false)
    await expect(lab.start('datasets.import', { chosen }).result).rejects.toThrow(/not at hand any more/)
  })

  it('can be of several files of one folder, and not of one that is named twice', async () => {
    const both = path.join(home, 'both')
    mkdirSync(both)
    for (const [name, shape] of Object.entries({ 'x.npy': [4, 5, 5], 'y.npy': [4], 'z.npy': [9, 9, 9] }))
      writeFileSync(path.join(both, name), npy(shape))
    const files = ['x.npy', 'y.npy'].map((name) => path.join(both, name))
    const { chosen } = await lab.request('datasets.choose', { files })
    const told = await lab.start('datasets.recognise', { chosen }).result
    expect([told.place, told.found!.splits]).toEqual(['both', [{ name: 'train', images: 4 }]])
    await lab.request('datasets.unchoose', { chosen })
    await expect(lab.start('datasets.recognise', { chosen, source: both }).result).rejects.toThrow(/by its path or by the word/)
  })
})

describe('what is in a set', () => {
  it('is told by labels and by images of any indices, smaller where that is asked', async () => {
    const { labels, hash } = await lab.request('datasets.labels', { name: 'weather', split: 'test' })
    expect([...labels]).toEqual([0, 0, 0, 1, 1, 1])
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    const images = await lab.request('datasets.images', { name: 'weather', split: 'test', indices: [5, 0] })
    expect(images).toMatchObject({ height: SIDE, width: SIDE, channels: 3 })
    expect(images.pixels).toEqual(Uint8Array.of(...pixelsOf(11), ...pixelsOf(6)))
    const small = await lab.request('datasets.images', { name: 'weather', split: 'test', indices: [0], side: 3 })
    const [at, row] = [pixelsOf(6), 3 * SIDE]
    expect(small).toMatchObject({ height: 3, width: 3 })
    expect(small.pixels[1]).toBe(Math.round((at[1]! + at[4]! + at[row + 1]! + at[row + 4]!) / 4))
    await expect(lab.request('datasets.images', { name: 'weather', split: 'test', indices: [6] })).rejects.toThrow(
      /there is no image 6; its test split has 6/,
    )
    await expect(lab.request('datasets.labels', { name: 'weather', split: 'validation' })).rejects.toThrow(
      /no split "validation"; it has train and test/,
    )
  })

  it('is looked through once: levels and the mean image, kept beside the set', async () => {
    const { splits } = await lab.start('datasets.look', { name: 'weather' }).result
    const all = Array.from({ length: 6 }, (_, i) => pixelsOf(i))
    expect(splits[0]!.mean).toEqual(
      Uint8Array.from(all[0]!, (_, i) => Math.round(all.reduce((sum, pixels) => sum + pixels[i]!, 0) / 6)),
    )
    const reds = all.flatMap((pixels) => [...pixels].filter((_, i) => i % 3 === 0))
    expect(splits[0]!.levels[0]).toEqual(Array.from({ length: 256 }, (_, level) => reds.filter((red) => red === level).length))
    const own = readdirSync(path.join(home, 'lab/datasets')).find((name) => name.startsWith('weather-'))!
    expect(existsSync(path.join(home, 'lab/datasets', own, 'look.json'))).toBe(true)
    expect((await lab.start('datasets.look', { name: 'weather' }).result).splits).toEqual(splits)
    expect((await lab.start('datasets.look', { name: 'digits' }).result).splits.map(({ images }) => images)).toEqual([1437, 360])
  })

  it('is augmented by the draws that training makes, whose zero padding is the mean colour', async () => {
    const augmentation = { flip: true, crop: 2, padding: 'zero' } as const
    const asked = { name: 'weather', split: 'train', index: 2, seed: 5, draws: 6 }
    const { pixels } = await lab.request('datasets.augmented', { ...asked, augmentation })
    const { mean } = (await lab.request('datasets.show', { name: 'weather' })).splits[0]!
    const image = pixelsOf(2)
    // One more than the level itself, so that padding is told from black.
    const levels = Float32Array.from({ length: 3 * 256 }, (_, i) => (i % 256) + 1)
    for (let step = 1; step <= 6; step++) {
      const window = new Window(augmentation, SIDE, SIDE)
      window.draw(drawsOf(5, AUGMENTATION_STREAM, step))
      const expected = new Float32Array(image.length)
      window.apply(image, levels, expected, 0)
      expect(pixels.subarray((step - 1) * image.length, step * image.length)).toEqual(
        Uint8Array.from(expected, (value, i) => (value === 0 ? Math.round(255 * mean[i % 3]!) : value - 1)),
      )
    }
    const plain = await lab.request('datasets.augmented', { ...asked, augmentation: { flip: false, crop: 0, padding: 'zero' } })
    expect(plain.pixels.subarray(0, image.length)).toEqual(pixelsOf(2))
    await expect(
      lab.request('datasets.augmented', { ...asked, augmentation: { flip: false, crop: 6, padding: 'reflect' } }),
    ).rejects.toThrow(/cannot be reflected 6 pixels/)
  })

  it('comes back after a deletion, until the lab is closed', async () => {
    await lab.request('datasets.delete', { name: 'weather' })
    expect((await lab.request('datasets.list', {})).map(({ name }) => name)).not.toContain('weather')
    await lab.request('datasets.restore', { name: 'weather' })
    expect((await lab.request('datasets.labels', { name: 'weather', split: 'train' })).labels).toHaveLength(6)
    await expect(lab.request('datasets.restore', { name: 'weather' })).rejects.toThrow(/cannot be brought back/)
    await lab.request('datasets.delete', { name: 'weather' })
    await lab.close()
    expect(readdirSync(path.join(home, 'lab/datasets')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})
