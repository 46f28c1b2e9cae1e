import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Split } from '../../../main/datasets/dataset'
import { channelStatistics } from '../../../main/datasets/statistics'
import { shapes10 } from '../../../main/datasets/shapes10'
import { linearAccuracy } from './linear'

function image(split: Split, index: number): Uint8Array {
  const pixels = new Uint8Array(32 * 32 * 3)
  split.read(index, pixels, 0)
  return pixels
}

const train = (images: number): Split => shapes10.openSplit('train', { images })

describe('shapes10', () => {
  it('draws the same image whatever the size of the split and the order of asking', () => {
    const small = train(20)
    const large = train(5000)
    const backwards = Array.from({ length: 20 }, (_, i) => image(large, 19 - i)).reverse()
    backwards.forEach((pixels, i) => expect(image(small, i)).toEqual(pixels))
    expect(image(large, 7)).toEqual(image(small, 7))
  })

  it('is the set that earlier runs were trained on', () => {
    const [train, test] = [shapes10.openSplit('train'), shapes10.openSplit('test')]
    expect(digest(train)).toBe('9059493a8d9decfcd19921c76ded5a528cd9e307e97c359acb31751a0827df82')
    expect(digest(test)).toBe('f4b4047f224eaee9b9f2fb683b42895700710bf52b3d59179384263b7c22d230')
    // What is known of it without drawing any is what drawing all comes to.
    expect(train.statistics).toEqual(channelStatistics(train))
    expect([test, shapes10.openSplit('train', { images: 9_999 }), shapes10.openSplit('train', { seed: 2 })].map(({ statistics }) => statistics)).toEqual([undefined, undefined, undefined]) // prettier-ignore
  })

  it('draws images beyond those that it keeps the same each time', () => {
    const many = train(100_010)
    expect(image(many, 100_005)).toEqual(image(many, 100_005))
    expect(image(many, 100_005)).not.toEqual(image(many, 99_995))
    expect(image(many, 99_999)).toEqual(image(train(100_000), 99_999))
  })

  it('has no image twice, in one split or in both, and none of another seed', () => {
    const other = shapes10.openSplit('train', { images: 300, seed: 2 })
    const seen = new Set(
      [train(300), shapes10.openSplit('test', { images: 300 }), other].flatMap((split) =>
        indices(split).map((i) => image(split, i).join()),
      ),
    )
    expect(seen.size).toBe(900)
  })

  it('has as many images of each class', () => {
    const [train, test] = [shapes10.openSplit('train'), shapes10.openSplit('test')]
    expect([train.length, test.length]).toEqual([10_000, 2000])
    for (let label = 0; label < 10; label++) expect(test.labels.filter((own) => own === label)).toHaveLength(200)
  })

  it('writes only the pixels of the image that is asked', () => {
    const one = train(1)
    const target = new Uint8Array(3 * 3072).fill(9)
    one.read(0, target, 3072)
    expect(target.subarray(3072, 6144)).toEqual(image(one, 0))
    expect(target.subarray(0, 3072).every((value) => value === 9)).toBe(true)
    expect(target.subarray(6144).every((value) => value === 9)).toBe(true)
  })

  it('keeps a linear model of its pixels far below half', () => {
    expect(linearAccuracy(train(2000), shapes10.openSplit('test', { images: 300 }), 3)).toBeLessThan(0.3)
  }, 60_000)
})

/** SHA-256 of the first hundred images. */
function digest(split: Split): string {
  const hash = createHash('sha256')
  for (let i = 0; i < 100; i++) hash.update(image(split, i))
  return hash.digest('hex')
}

function indices(split: Split): number[] {
  return Array.from({ length: split.length }, (_, i) => i)
}
