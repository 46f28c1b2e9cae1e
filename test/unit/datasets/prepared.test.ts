import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Catalogue } from '../../../main/datasets/catalogue'
import type { About } from '../../../main/datasets/imported/about'
import { packedHash } from '../../../main/datasets/imported/packed-hash'
import { planPreparation, type Stage } from '../../../main/datasets/prepared/plan'
import { prepareSet } from '../../../main/datasets/prepared/prepare'
import { PreparationSource } from '../../../main/datasets/prepared/source'
import { standardisationOf } from '../../../main/datasets/standardisation'
import { PreparationStep } from '../../../shared/datasets/preparation'
import { datasetsFolder, writeSet, type WrittenSplit } from './packed-support'

const folder = datasetsFolder()
let count = 0
type Steps = readonly Parameters<typeof PreparationStep.parse>[0][]

/** 1×1 images of three channels, each its own. */
const split = (name: string, counts: readonly number[], from = 0): WrittenSplit => ({
  name,
  labels: counts.flatMap((images, label) => new Array<number>(images).fill(label)),
  image: (index) => [(from + index) % 256, Math.floor((from + index) / 256), 0],
})

function plan(catalogue: Catalogue, name: string, ...steps: Steps): Stage {
  const source = PreparationSource.open(catalogue, name)
  try {
    return planPreparation(
      source,
      steps.map((step) => PreparationStep.parse(step)),
      () => undefined,
    ).stages.at(-1)!
  } finally {
    source.close()
  }
}

function prepare(catalogue: Catalogue, source: string, ...steps: Steps): { about: About; catalogue: Catalogue; place: string } {
  const name = `made ${++count}`
  const place = path.join(folder, name)
  fs.mkdirSync(place)
  const parsed = steps.map((step) => PreparationStep.parse(step))
  const about = prepareSet(catalogue, { source, steps: parsed }, { name, folder: place }, () => undefined)
  return { about, catalogue: new Catalogue(folder), place }
}

const sizes = ({ working: { splits } }: Stage): Record<string, number> =>
  Object.fromEntries(splits.map(({ name, images }) => [name, images.length]))
const countsOf = ({ working }: Stage, name: string): number[] => {
  const counts = working.classes.map(() => 0)
  for (const label of working.splits.find((one) => one.name === name)!.labels) counts[label]!++
  return counts
}
const imagesOf = ({ working: { splits } }: Stage, name: string): number[] => [...splits.find((one) => one.name === name)!.images]

const five = writeSet(
  folder,
  'five',
  [1, 1, 3],
  ['a', 'b', 'c', 'd', 'e'],
  [split('train', [100, 100, 100, 100, 60]), split('test', [10, 10, 10, 10, 10], 1000)],
)
const into = { train: 0.8, validation: 0.2 }

describe('dividing', () => {
  it('gives each class its share in each split, and every image to one', () => {
    const divided = plan(five, 'five', { step: 'split', into })
    expect(sizes(divided)).toEqual({ train: 368, validation: 92, test: 50 })
    expect(countsOf(divided, 'validation')).toEqual([20, 20, 20, 20, 12])
    const all = [...imagesOf(divided, 'train'), ...imagesOf(divided, 'validation')].sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 460 }, (_, i) => i))
  })

  it('is the same each time, another with another seed, and independent of a cap with the same seed', () => {
    const validation = (...steps: Steps): number[] => imagesOf(plan(five, 'five', ...steps), 'validation')
    const usual = validation({ step: 'split', into })
    expect(validation({ step: 'split', into })).toEqual(usual)
    expect(validation({ step: 'split', into, seed: 2 })).not.toEqual(usual)
    const capped = plan(five, 'five', { step: 'cap', images: 50 }, { step: 'split', into })
    expect(countsOf(capped, 'validation')).toEqual([10, 10, 10, 10, 10])
  })

  it.each([true, false])('stays the same where a class is added and where the order changes (stratified: %s)', (stratified) => {
    const pictures = (catalogue: Catalogue, name: string, first: number): Set<string> => {
      const source = PreparationSource.open(catalogue, name)
      const pixels = new Uint8Array(3)
      const images = imagesOf(plan(catalogue, name, { step: 'split', into, of: ['train'], stratified }), 'validation')
      const told = images.flatMap((image) => {
        source.read(image, pixels)
        return pixels[1]! * 256 + pixels[0]! >= first ? [] : [pixels.join()]
      })
      source.close()
      return new Set(told)
    }
    const train = split('train', [100, 100, 100, 100])
    const backwards = { ...train, labels: [...train.labels].reverse(), image: (i: number) => train.image(399 - i) }
    const four = writeSet(folder, `four ${stratified}`, [1, 1, 3], ['a', 'b', 'c', 'd'], [train])
    const turned = writeSet(folder, `turned ${stratified}`, [1, 1, 3], ['a', 'b', 'c', 'd'], [backwards])
    const wanted = pictures(four, `four ${stratified}`, 400)
    expect(wanted.size).toBeGreaterThan(50)
    expect(pictures(turned, `turned ${stratified}`, 400)).toEqual(wanted)
    expect(pictures(five, 'five', 400)).toEqual(wanted)
  })

  it('keeps equal images together', () => {
    const pairs: WrittenSplit = { name: 'train', labels: new Array<number>(200).fill(0), image: (i) => [Math.floor(i / 2), 0, 0] }
    const catalogue = writeSet(folder, 'pairs', [1, 1, 3], ['a'], [pairs])
    const divided = plan(catalogue, 'pairs', { step: 'split', into: { train: 0.5, test: 0.5 } })
    const half = new Set(imagesOf(divided, 'test').map((image) => Math.floor(image / 2)))
    expect(half.size * 2).toBe(imagesOf(divided, 'test').length)
  })

  it('refuses a name that is taken, a split that is not there, and shares that do not come to 1', () => {
    expect(() => plan(five, 'five', { step: 'split', into: { train: 0.9, test: 0.1 } })).toThrow(
      'step "split": there is a split "test" already; divide it with the others (of: train, test; --split-of train,test), or choose another name',
    )
    expect(() => plan(five, 'five', { step: 'split', into, of: ['all'] })).toThrow(
      'there is no split "all"; there are train and test',
    )
    expect(() => PreparationStep.parse({ step: 'split', into: { train: 0.9 } })).toThrow('must come to 1')
  })
})

describe('choosing', () => {
  it('keeps classes in the order that they had, with labels that close up', () => {
    const some = plan(five, 'five', { step: 'classes', classes: ['e', 'b'] })
    expect(some.working.classes).toEqual(['b', 'e'])
    expect(countsOf(some, 'train')).toEqual([100, 60])
    expect(imagesOf(some, 'test')).toHaveLength(20)
    expect(() => plan(five, 'five', { step: 'classes', classes: ['f'] })).toThrow('there is no class "f"')
  })

  it('caps each class, or a split in all; a larger cap keeps what a smaller one kept', () => {
    const [small, large] = [30, 70].map((images) => plan(five, 'five', { step: 'cap', images, of: ['train'] }))
    expect(countsOf(small!, 'train')).toEqual([30, 30, 30, 30, 30])
    expect(countsOf(large!, 'train')).toEqual([70, 70, 70, 70, 60])
    expect(imagesOf(large!, 'train')).toEqual(expect.arrayContaining(imagesOf(small!, 'train')))
    expect(sizes(plan(five, 'five', { step: 'cap', images: 40, per: 'split' }))).toEqual({ train: 40, test: 40 })
  })

  it('makes the long tail of Cui et al. 2019: 100 to 1 over ten classes of 500', () => {
    const ten = writeSet(folder, 'ten', [1, 1, 3], [...'0123456789'], [split('train', new Array<number>(10).fill(500))])
    expect(countsOf(plan(ten, 'ten', { step: 'imbalance', ratio: 100 }), 'train')).toEqual([
      500, 299, 179, 107, 64, 38, 23, 13, 8, 5,
    ])
  })

  it('exchanges labels for others by chance, each equally often, and leaves the test split alone', () => {
    const ten = writeSet(
      folder,
      'noisy',
      [1, 1, 3],
      [...'0123456789'],
      [split('train', new Array<number>(10).fill(400)), split('test', new Array<number>(10).fill(10), 5000)],
    )
    const before = plan(ten, 'noisy', { step: 'cap', images: 5000 }).working.splits
    const after = plan(ten, 'noisy', { step: 'label-noise', share: 0.2 }).working.splits
    const moves = [...after[0]!.labels].map((label, i) => (label - before[0]!.labels[i]! + 10) % 10)
    const wrong = moves.filter((move) => move > 0)
    // Five deviations of a binomial share.
    expect(Math.abs(wrong.length / 4000 - 0.2)).toBeLessThan(0.032)
    for (let move = 1; move < 10; move++)
      expect(Math.abs(wrong.filter((one) => one === move).length - wrong.length / 9)).toBeLessThan(47)
    expect(after[1]!.labels).toEqual(before[1]!.labels)
    expect(plan(ten, 'noisy', { step: 'label-noise', share: 1 }).working.splits[0]!.labels).not.toContain(-1)
  })

  it('leaves out images by their place in the source, wherever the step stands', () => {
    const images = { train: [0, 459], test: [3] }
    const some = plan(five, 'five', { step: 'classes', classes: ['a', 'e'] }, { step: 'leave-out', images })
    expect(countsOf(some, 'train')).toEqual([99, 59])
    expect(imagesOf(some, 'test')).not.toContain(463)
    expect(() => plan(five, 'five', { step: 'leave-out', images: { train: [460] } })).toThrow(
      'there is no image train/460; its last one is train/459',
    )
  })

  it('refuses to empty a split', () => {
    const alone = writeSet(folder, 'alone', [1, 1, 3], ['a', 'b'], [split('train', [3, 3]), split('test', [3, 0])])
    expect(() => plan(alone, 'alone', { step: 'classes', classes: ['b'] })).toThrow(
      'split "test" would be left without any image',
    )
  })
})

describe('a prepared set', () => {
  const quiet = { tell: () => undefined, onCancel: () => undefined }

  it('is the images that its recipe says, opens like any other, and tells where it is from', async () => {
    const steps: Steps = [
      { step: 'classes', classes: ['a', 'c'] },
      { step: 'channels', channels: 'grey' },
      { step: 'pad', height: 2, width: 2, value: 9 },
    ]
    const { about, catalogue, place } = prepare(five, 'five', ...steps)
    const train = catalogue.openSplit(about.name, 'train')
    const image = new Uint8Array(4)
    train.read(150, image, 0)
    // Image 250 of the source is (250, 0, 0): (19595 · 250 + 32768) >> 16 = 75.
    expect([[...image], train.labels[150], train.length, train.shape]).toEqual([[75, 9, 9, 9], 1, 200, [2, 2, 1]])
    expect(train.statistics).toEqual(standardisationOf({}, { ...train, statistics: undefined } as never, 'channel'))
    train.close()
    expect(await packedHash(place, about, quiet)).toBe(about.hash)
    expect(about.prepared).toMatchObject({
      source: { name: 'five', hash: five.describe('five').hash },
      steps: [{ step: 'classes' }, {}, {}],
    })
    expect(catalogue.describe(about.name).description).toBe(
      'Made of five: classes a, c; made grey (luma of BT.601); padded to 2×2 with 9.',
    )
  })

  it('is the same to the bit when it is made again, and can be made of a built-in set and of a prepared one', () => {
    const steps: Steps = [
      { step: 'split', into: { train: 0.9, validation: 0.1 } },
      { step: 'label-noise', share: 0.3 },
      { step: 'resize', height: 4, width: 4, method: 'area' },
    ]
    const first = prepare(five, 'digits', ...steps)
    expect(prepare(five, 'digits', ...steps).about.hash).toBe(first.about.hash)
    expect(first.about.splits.map(({ name, images }) => [name, images])).toEqual([
      ['train', 1294],
      ['validation', 143],
      ['test', 360],
    ])
    const second = prepare(first.catalogue, first.about.name, { step: 'cap', images: 5 })
    expect(second.about.prepared?.source).toEqual({ name: first.about.name, hash: first.about.hash })
    expect(second.about.splits[0]!.classCounts).toEqual(new Array<number>(10).fill(5))
  })

  it('brings mean and deviation along: by hand, or of a split as it has become; they are part of its hash', async () => {
    const by = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.1] }
    const plain = prepare(five, 'five', { step: 'cap', images: 50 })
    const given = prepare(five, 'five', { step: 'cap', images: 50 }, { step: 'standardise', ...by })
    const summary = given.catalogue.describe(given.about.name)
    const train = given.catalogue.openSplit(given.about.name, 'train')
    expect(standardisationOf(summary, train, 'channel')).toEqual(by)
    expect(standardisationOf(summary, train, 'none')).toBeNull()
    expect(given.about.hash).not.toBe(plain.about.hash)
    expect(await packedHash(given.place, given.about, quiet)).toBe(given.about.hash)
    const measured = prepare(five, 'five', { step: 'standardise', split: 'test' })
    const test = measured.catalogue.openSplit(measured.about.name, 'test')
    expect(measured.about.standardisation).toEqual(test.statistics)
    expect(() => prepare(five, 'five', { step: 'standardise', mean: [0.5], std: [0.2] })).toThrow(
      '1 numbers were given for 3 channels',
    )
    train.close()
    test.close()
  })
})
