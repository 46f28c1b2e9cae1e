import { describe, expect, it } from 'vitest'
import { BatchFiller } from '../../../main/datasets/batches'
import { builtInHashes } from '../../../main/datasets/built-in-hashes'
import { Catalogue } from '../../../main/datasets/catalogue'
import { sampleBytes, type Split } from '../../../main/datasets/dataset'
import { checkAugmentation } from '../../../main/datasets/augment'
import { bell, ofTurns } from '../../../main/datasets/made/arithmetic'
import { madeSet } from '../../../main/datasets/made'
import { shapes10 } from '../../../main/datasets/shapes10'
import { channelStatistics } from '../../../main/datasets/statistics'
import { madeKinds, madeName, parseMade } from '../../../shared/datasets/made'
import { Random } from '../../../shared/random'

const split = (words: string, name = 'train', images?: number): Split => madeSet(words).openSplit(name, { images })

function vectors(of: Split): number[][] {
  const bytes = new Uint8Array(sampleBytes(of))
  return Array.from({ length: of.length }, (_, index) => {
    of.read(index, bytes, 0)
    return [...new Float32Array(bytes.buffer)]
  })
}

describe('the arithmetic of made sets', () => {
  it('has cosine and sine within the last bits, and bell-shaped numbers of mean 0 and deviation 1', () => {
    for (let i = -300; i < 300; i++) {
      const { cos, sin } = ofTurns(i / 97)
      expect(Math.abs(cos - Math.cos((2 * Math.PI * i) / 97))).toBeLessThan(1e-14)
      expect(Math.abs(sin - Math.sin((2 * Math.PI * i) / 97))).toBeLessThan(1e-14)
    }
    const random = new Random(1)
    const drawn = Array.from({ length: 20_000 }, () => bell(random))
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length).toBeCloseTo(1, 1)
  })
})

describe('the name of a made set', () => {
  it('is one, however its numbers are written', () => {
    const named = (words: string) => madeName(parseMade(words))
    expect(named('spirals:noise=0.10,classes=03')).toBe('spirals:classes=3,noise=0.1')
    expect(named('spirals:classes=2,seed=1')).toBe('spirals')
    expect(named(' spirals: '.trim())).toBe('spirals')
    expect(named('clusters:noise=0.0000001')).toBe('clusters:noise=0.0000001')
    for (const { name, options } of madeKinds)
      for (const option of options) {
        const words = madeName({ kind: name, numbers: { ...parseMade(name).numbers, [option.name]: option.least } })
        expect(madeName(parseMade(words))).toBe(words)
      }
  })

  it.each([
    ['spirals:arms=3', /has no option "arms"; it has classes, turns, noise, train, test, seed/],
    ['spirals:clases=3', /perhaps classes/],
    ['spirals:classes=1', /classes=1 is not a whole number from 2 to 20; write it like classes=2/],
    ['spirals:classes=2.5', /is not a whole number/],
    ['spirals:noise=-1', /noise=-1 is not a number from 0 to 1/],
    ['spirals:noise=1e-2', /is not a number/],
    ['spirals:noise=0.1,noise=0.2', /"noise" is given twice/],
    ['clusters:features=256,train=200000', /more than 10000000; make train, test or features smaller/],
    ['rings:classes=2', /no set that is made by program; there are spirals, checkerboard, clusters, random-labels/],
  ])('%s is refused in a sentence', (words, sentence) => expect(() => parseMade(words)).toThrow(sentence))
})

describe('a made set', () => {
  it('has the same bytes everywhere', () => {
    const catalogue = new Catalogue('/nowhere')
    for (const { name } of catalogue.list()) expect(catalogue.hash({ name }), name).toBe(builtInHashes[name])
    expect(vectors(split('spirals', 'train', 2))).toEqual([
      [0.10546875, 0.6517181396484375],
      [-0.472686767578125, 0.2564239501953125],
    ])
  })

  it('begins with a smaller one of the same seed; another seed and another split are others', () => {
    for (const words of ['spirals', 'checkerboard', 'clusters:features=3']) {
      const few = vectors(split(words, 'train', 10))
      expect(vectors(split(words, 'train', 30)).slice(0, 10)).toEqual(few)
      expect(vectors(split(words, 'test', 10))).not.toEqual(few)
      expect(vectors(split(`${words}${words.includes(':') ? ',' : ':'}seed=2`, 'train', 10))).not.toEqual(few)
    }
  })

  it('winds its arms: without noise each point lies on its own', () => {
    const of = split('spirals:classes=3,turns=1.5,noise=0', 'train', 300)
    vectors(of).forEach(([x, y], i) => {
      const radius = Math.hypot(x!, y!)
      expect(radius).toBeGreaterThanOrEqual(0.0999)
      expect(radius).toBeLessThanOrEqual(1.0001)
      const angle = 1.5 * ((radius - 0.1) / 0.9) + of.labels[i]! / 3
      expect(Math.hypot(x! - radius * Math.cos(2 * Math.PI * angle), y! - radius * Math.sin(2 * Math.PI * angle))).toBeLessThan(
        3e-4,
      )
    })
  })

  it('has a board of fields: without noise the field tells the class', () => {
    const of = split('checkerboard:classes=3,fields=5', 'train', 300)
    vectors(of).forEach(([x, y], i) => {
      const [column, row] = [x!, y!].map((at) => Math.floor(((at + 1) / 2) * 5)) as [number, number]
      expect((column + row) % 3).toBe(of.labels[i])
    })
  })

  it('has clouds about centres, each class as often as the others', () => {
    const of = split('clusters:classes=4,features=3,noise=0.2', 'train', 4000)
    const all = vectors(of)
    for (let label = 0; label < 4; label++) {
      const own = all.filter((_, i) => of.labels[i] === label)
      expect(own).toHaveLength(1000)
      for (let j = 0; j < 3; j++) {
        const mean = own.reduce((sum, vector) => sum + vector[j]!, 0) / 1000
        expect(Math.abs(mean)).toBeLessThan(1.03)
        expect(Math.sqrt(own.reduce((sum, vector) => sum + (vector[j]! - mean) ** 2, 0) / 1000)).toBeCloseTo(0.2, 1)
      }
    }
  })

  it('has labels that say nothing of the images, or part of them', () => {
    const [truth, all, half] = [shapes10.openSplit('train'), split('random-labels'), split('random-labels:noise=0.5')]
    const agreeing = (of: Split) => of.labels.filter((label, i) => label === truth.labels[i]).length / of.length
    expect(agreeing(all)).toBeCloseTo(0.1, 1)
    expect(agreeing(half)).toBeCloseTo(0.55, 1)
    expect(split('random-labels:noise=0').labels).toEqual(truth.labels)
    const [one, other] = [new Uint8Array(3072), new Uint8Array(3072)]
    all.read(17, one, 0)
    truth.read(17, other, 0)
    expect(one).toEqual(other)
  })
})

describe('vectors in training', () => {
  const of = split('clusters:features=3', 'train', 500)

  it('are standardised feature by feature', () => {
    const filler = new BatchFiller(of, channelStatistics(of))
    const [values, labels] = [new Float32Array(1500), new Int32Array(500)]
    filler.fill(of, Array.from({ length: 500 }, (_, i) => i), values, labels) // prettier-ignore
    expect(labels).toEqual(of.labels)
    for (let j = 0; j < 3; j++) {
      const own = [...values].filter((_, i) => i % 3 === j)
      const mean = own.reduce((sum, value) => sum + value, 0) / 500
      expect(mean).toBeCloseTo(0, 5)
      expect(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 500).toBeCloseTo(1, 4)
    }
  })

  it('enter as they are without statistics', () => {
    const values = new Float32Array(3)
    new BatchFiller(of, null).fill(of, [7], values, new Int32Array(1))
    expect([...values]).toEqual(vectors(of)[7])
  })

  it('are not augmented', () => {
    expect(() => checkAugmentation({ flip: true, crop: 0, padding: 'zero' }, of)).toThrow(
      'training.augmentation: its vectors cannot be mirrored or cropped: only images have rows and columns; leave that out for this set',
    )
    expect(() => checkAugmentation({ flip: false, crop: 0, padding: 'reflect' }, of)).not.toThrow()
  })
})
