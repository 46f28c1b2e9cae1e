import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digits } from '../../../main/datasets/digits'
import { digitsCsvGz } from '../../../main/datasets/digits/csv'
import { channelStatistics } from '../../../main/datasets/statistics'
import { linearAccuracy } from './linear'

const [train, test] = [digits.openSplit('train'), digits.openSplit('test')]

describe('digits', () => {
  it('is the published file, byte for byte', () => {
    const file = Buffer.from(digitsCsvGz, 'base64')
    expect(file).toHaveLength(57_523)
    expect(createHash('sha256').update(file).digest('hex')).toBe(
      '09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22',
    )
  })

  it('has 1,437 images to train on and 36 of each digit to test on, no image in both', () => {
    expect([train.length, test.length]).toEqual([1437, 360])
    for (let digit = 0; digit < 10; digit++) expect(test.labels.filter((label) => label === digit)).toHaveLength(36)
    const pictures = [train, test].map((split) =>
      Array.from({ length: split.length }, (_, i) => {
        const pixels = new Uint8Array(64)
        split.read(i, pixels, 0)
        return pixels.join()
      }),
    )
    expect(pictures[1]!.filter((picture) => pictures[0]!.includes(picture))).toEqual([])
  })

  it('is divided the same way each time, and a part of it is its beginning', () => {
    expect(digits.openSplit('train', { images: 100 }).labels).toEqual(train.labels.slice(0, 100))
    expect(digits.openSplit('test', { images: 10 }).labels).toEqual(test.labels.slice(0, 10))
  })

  it('spans 0 to 255', () => {
    const image = new Uint8Array(64)
    const levels = new Set<number>()
    for (let i = 0; i < train.length; i++) {
      train.read(i, image, 0)
      image.forEach((level) => levels.add(level))
    }
    expect([...levels].sort((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_, value) => Math.round((value * 255) / 16)))
  })

  it('is what its labels say: even a linear model reads nine digits in ten', () => {
    expect(linearAccuracy(train, test, 15)).toBeGreaterThan(0.9)
    expect(channelStatistics(train).mean[0]).toBeCloseTo(0.305, 2)
  })
})
