import { describe, expect, it } from 'vitest'
import { Catalogue } from '../../../main/datasets/catalogue'
import { DatasetSummary } from '../../../shared/api'
import { UserError } from '../../../shared/errors'

const catalogue = new Catalogue('')

describe('the data sets', () => {
  it.each(catalogue.list().map((summary) => [summary.name, summary] as const))('%s is what its summary says', (name, summary) => {
    expect(DatasetSummary.parse(summary)).toEqual(summary)
    expect(catalogue.describe(name)).toBe(summary)
    const { train, test } = catalogue.open({ name })
    expect(summary.splits).toEqual([
      { name: 'train', images: train.length },
      { name: 'test', images: test.length },
    ])
    expect(train.shape).toEqual(summary.shape)
    expect(new Set(test.labels)).toEqual(new Set(summary.classes.keys()))
  })

  it('takes as many images as asked', () => {
    const { train, test } = catalogue.open({ name: 'digits', train: 1000, test: 7 })
    expect([train.length, test.length, train.labels.length]).toEqual([1000, 7, 1000])
    expect(catalogue.open({ name: 'shapes10', train: 12_345 }).train.length).toBe(12_345)
  })

  it('refuses a set that is not there, and more images than there are, with the way out', () => {
    expect(() => catalogue.open({ name: 'cifar' })).toThrow(UserError)
    expect(() => catalogue.open({ name: 'cifar' })).toThrow('data set "cifar": there is no such data set; use shapes10 or digits')
    expect(() => catalogue.open({ name: 'digits', test: 361 })).toThrow(
      'data set "digits", test split: 361 images were asked for, there are 360; ask for at most 360',
    )
    expect(() => catalogue.open({ name: 'shapes10', train: 0 })).toThrow('0 images make no split')
  })
})
