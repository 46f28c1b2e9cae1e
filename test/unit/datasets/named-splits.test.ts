import { describe, expect, it } from 'vitest'
import { planRun } from '../../../main/lab/start'
import { Configuration, DataChoice } from '../../../shared/configuration'
import { datasetsFolder, writeSet, type WrittenSplit } from './packed-support'

const split = (name: string, first: number): WrittenSplit => ({
  name,
  labels: [0, 1, 0, 1],
  image: (index) => [first + index, 0, 0, 0],
})
const folder = datasetsFolder()
writeSet(folder, 'three', [2, 2, 1], ['a', 'b'], [split('train', 0), split('validation', 10), split('test', 20)])
writeSet(folder, 'held out', [2, 2, 1], ['a', 'b'], [split('train', 0), split('validation', 10)])
const catalogue = writeSet(folder, 'alone', [2, 2, 1], ['a', 'b'], [split('all', 0)])

const first = (open: { read: (index: number, target: Uint8Array, offset: number) => void }): number => {
  const image = new Uint8Array(4)
  open.read(0, image, 0)
  return image[0]!
}

describe('splits by name', () => {
  it('each of them opens, whole or in part', () => {
    const validation = catalogue.openSplit('three', 'validation')
    expect([validation.name, validation.length, first(validation)]).toEqual(['validation', 4, 10])
    expect([...validation.labels]).toEqual([0, 1, 0, 1])
    validation.close()
    expect(catalogue.openSplit('three', 'test', 2).length).toBe(2)
    expect(() => catalogue.openSplit('three', 'holdout')).toThrow(
      'data set "three": it has no split "holdout"; it has train and validation and test',
    )
  })

  it('a run takes those that it names', () => {
    const data = catalogue.open({ name: 'three', trainSplit: 'test', testSplit: 'validation' })
    expect([first(data.train), first(data.test)]).toEqual([20, 10])
    expect(DataChoice.parse({ name: 'three' })).toMatchObject({ trainSplit: 'train', testSplit: 'test' })
  })

  it('a set without the split is refused with the way to come by it', () => {
    expect(() => catalogue.open({ name: 'held out' })).toThrow(
      'data set "held out": it has no split "test" to test on, it has train and validation; take another with --test-split validation; ' +
        "or divide it: normlab datasets prepare 'held out' --name 'held out-divided' --split train=0.9,test=0.1",
    )
    expect(() => catalogue.open({ name: 'alone' })).toThrow('--train-split all')
    expect(() => catalogue.open({ name: 'alone' })).toThrow('--split train=0.9,test=0.1 --split-of all')
  })

  it('a configuration from before there were such names is read as it was meant', () => {
    const { configuration } = planRun(catalogue, {
      network: 'plain:blocks=1,widths=4/8',
      data: DataChoice.parse({ name: 'digits', train: 64 }),
      training: { ...Configuration.shape.training.parse({}), epochs: 1 },
      execution: Configuration.shape.execution.parse({}),
      seed: 1,
    })
    const stored = JSON.parse(JSON.stringify({ ...configuration, data: { name: 'digits', train: 64 } })) as unknown
    expect(Configuration.parse(stored)).toEqual(configuration)
  })
})
