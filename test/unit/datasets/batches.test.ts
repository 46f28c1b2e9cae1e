import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchFiller, BatchSampler, evaluationBatches } from '../../../main/datasets/batches'
import { storedSplit } from '../../../main/datasets/dataset'
import { channelStatistics } from '../../../main/datasets/statistics'
import { UserError } from '../../../shared/errors'

const sizes = fc
  .integer({ min: 1, max: 60 })
  .chain((length) => fc.tuple(fc.constant(length), fc.integer({ min: 1, max: length })))

describe('BatchSampler', () => {
  it('gives whole batches in which no image comes twice an epoch', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([length, batch], seed) => {
        const sampler = new BatchSampler(length, batch, seed)
        for (let epoch = 0; epoch < 3; epoch++) {
          const given = Array.from({ length: sampler.stepsPerEpoch }, () => [...sampler.next()]).flat()
          expect(given).toHaveLength(length - (length % batch))
          expect(new Set(given).size).toBe(given.length)
          expect(Math.max(...given)).toBeLessThan(length)
        }
      }),
    )
  })

  it('goes on exactly where it was saved, also by way of JSON', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(100), ([length, batch], seed, steps) => {
        const sampler = new BatchSampler(length, batch, seed)
        for (let i = 0; i < steps; i++) sampler.next()
        const position = JSON.parse(JSON.stringify(sampler.save())) as ReturnType<BatchSampler['save']>
        const other = new BatchSampler(length, batch, seed + 1).restore(position)
        for (let i = 0; i < 2 * sampler.stepsPerEpoch + 1; i++) expect(other.next()).toEqual(sampler.next())
      }),
    )
  })

  it('shuffles anew each epoch and for each seed', () => {
    const one = new BatchSampler(50, 50, 1)
    const orders = [one.next(), one.next(), new BatchSampler(50, 50, 2).next()].map((order) => order.join())
    expect(new Set(orders).size).toBe(3)
    expect(new BatchSampler(50, 50, 1).next().join()).toBe(orders[0])
  })

  it('refuses a batch larger than the split, with the way out', () => {
    expect(() => new BatchSampler(20, 32, 1)).toThrow(UserError)
    expect(() => new BatchSampler(20, 32, 1)).toThrow(
      'batch: a batch of 32 is larger than the training split of 20 images; use at most 20, or more images',
    )
  })
})

describe('evaluationBatches', () => {
  it('covers every image once, in order, the last batch as large as what is left', () => {
    const batches = [...evaluationBatches({ length: 10 }, 4)].map((indices) => [...indices])
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ])
  })
})

describe('statistics and filling', () => {
  // Three images of 1×2 pixels, two channels; the second channel never changes.
  const split = storedSplit(
    'train',
    [1, 2, 2],
    Uint8Array.of(0, 7, 51, 7, 102, 7, 153, 7, 204, 7, 255, 7),
    Int32Array.of(2, 0, 1),
  )

  it('measures mean and standard deviation of each channel exactly', () => {
    const { mean, std } = channelStatistics(split)
    expect(mean[0]).toBeCloseTo(0.5, 12)
    expect(std[0]).toBeCloseTo(Math.sqrt(0.7 / 6), 12)
    expect(mean[1]).toBeCloseTo(7 / 255, 12)
    expect(std[1]).toBe(0)
  })

  it('makes each channel of the training split mean 0 and deviation 1, and one of a single value 0', () => {
    const filler = new BatchFiller(split, channelStatistics(split))
    const images = new Float32Array(12)
    const labels = new Int32Array(3)
    filler.fill(split, [0, 1, 2], images, labels)
    const first = images.filter((_, i) => i % 2 === 0)
    expect(first.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5)
    expect(first.reduce((a, b) => a + b * b, 0) / 6).toBeCloseTo(1, 5)
    expect([...images.filter((_, i) => i % 2 === 1)]).toEqual([0, 0, 0, 0, 0, 0])
    expect(labels).toEqual(Int32Array.of(2, 0, 1))
  })

  it('fills in the order of the indices and touches nothing beyond them', () => {
    const filler = new BatchFiller(split, { mean: [0, 0], std: [1, 1] })
    const images = new Float32Array(12).fill(-1)
    const labels = new Int32Array(3).fill(-1)
    filler.fill(split, Uint32Array.of(2, 0), images, labels)
    expect([...images].map((value) => Math.round(value * 255))).toEqual([204, 7, 255, 7, 0, 7, 51, 7, -255, -255, -255, -255])
    expect([...labels]).toEqual([1, 2, -1])
  })
})
