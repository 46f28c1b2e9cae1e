import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkTestResult } from '../../shared/api'
import { Catalogue } from '../../main/datasets/catalogue'
import type { OpenLab } from '../../main/lab'
import { SafetensorsReader, writeSafetensors } from '../../main/formats/safetensors'
import { ended, jsonLines, NET, normlab, openLab, temporaryHome, tiny, until } from './lab-support'

const { home, remove } = temporaryHome()
let lab: OpenLab
let run: number
/** Of the run's checkpoint on all test images of its set. */
let own: NetworkTestResult
const weights = path.join(home, 'w.safetensors')

beforeAll(async () => {
  lab = openLab(home)
  // All images of the split, so that the run's own test is over the same ones.
  const asked = { ...tiny({ epochs: 2 }), data: { name: 'digits', train: 64 } }
  run = (await lab.request('runs.start', asked)).id
  await until(lab, run, ended)
  await lab.request('weights.export', { from: { run }, out: weights })
  own = await lab.start('networks.test', { weights: { run }, data: 'digits' }).result
})
afterAll(async () => {
  await lab.close()
  remove()
})

describe('the test of given weights', () => {
  it('gives a run’s checkpoint the accuracy and loss that its own test had, to the bit', async () => {
    const epochs = await lab.request('runs.epochs', { run })
    expect(own).toMatchObject({ accuracy: epochs[1]!.testAccuracy, loss: epochs[1]!.testLoss, images: 360, split: 'test' })
  })

  it('tells each class and each image, and the sums agree', () => {
    const { classes, confusion, labels, predictions, losses, accuracy, loss, images } = own
    expect(classes.map(({ name, count }) => [name, count])).toEqual(Array.from({ length: 10 }, (_, k) => [String(k), 36]))
    expect(confusion!.reduce((a, b) => a + b)).toBe(images)
    expect(classes.reduce((sum, { right }) => sum + right, 0) / images).toBe(accuracy)
    expect(labels.filter((label, i) => label === predictions[i]).length / images).toBe(accuracy)
    expect(losses.reduce((a, b) => a + b) / images).toBeCloseTo(loss, 5)
  })

  it('is the same of a file with the run’s mean and deviation, moving statistics with it', async () => {
    const given = { network: (await lab.request('runs.show', { run })).configuration.network, weights: { file: weights } }
    const told = await lab.start('networks.test', { ...given, data: 'digits', mean: own.mean!, std: own.std! }).result
    expect(told).toEqual(own)
    // Those of the whole set are others than those of the 64 images that the run saw.
    const other = await lab.start('networks.test', { ...given, data: 'digits' }).result
    expect(other.mean).not.toEqual(own.mean)
  })

  it('says in one sentence what does not fit', async () => {
    const ask = (words: string[]) => normlab(['test', ...words], home)
    const NOT_ENOUGH = ['--data', 'digits', '--mean', '0.5']
    const cases: [string[], string][] = [
      [[`run:${run}`, '--data', 'nothing'], 'there is no such data set'],
      [[`run:${run}`, '--data', 'shapes10'], 'its input is 8×8×1 and the images of "shapes10" are 32×32×3'],
      [[`run:${run}`, '--data', 'digits', '--split', 'held-out'], 'split'],
      [[`run:${run}`, ...NOT_ENOUGH], 'a mean alone standardises nothing'],
      [[`run:${run}`, ...NOT_ENOUGH, '--std', '1,1'], '2 values were given for images of 1 channels'],
      [[`run:${run}`, ...NOT_ENOUGH, '--std', '0'], 'a deviation is not above 0'],
      [[NET, '--data', 'digits'], '--weights FILE is missing'],
      [[NET, '--data', 'digits', '--weights', 'gone.safetensors'], 'there is no such file'],
      [
        ['1', '--data', 'digits'],
        '"1": a number by itself names no network; a run is named run:1 here, an item of the library library:1',
      ],
      [[NET, '--data', 'digits', '--weights', '1'], '"1": there is no file of this name; a run is named run:1 here'],
      [[`${NET},input=8x8x1`, '--data', 'digits', '--weights', 'run:77'], 'no run 77'],
      [[`run:${run}`, '--data', 'digits', '--out', 'logits.txt'], 'neither CSV, JSON nor safetensors'],
    ]
    for (const [words, sentence] of cases) {
      const { status, stderr, stdout } = await ask(words)
      expect([words, status, stdout]).toEqual([words, 2, ''])
      expect(stderr).toContain(sentence)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  }, 60_000)

  it('needs moving statistics where the network keeps some', async () => {
    const file = path.join(home, 'without.safetensors')
    const reader = SafetensorsReader.open(weights)
    const kept = reader.tensors.filter(({ name }) => !name.startsWith('statistics/'))
    writeSafetensors(
      file,
      kept.map(({ name, shape }) => ({ name, shape, data: reader.readFloats(name) })),
    )
    reader.close()
    const words = ['test', `run:${run}`, '--weights', file, '--data', 'digits']
    const { status, stderr } = await normlab(words, home)
    expect([status, stderr]).toEqual([2, expect.stringContaining('there are no moving statistics for')])
  })

  it('is a line of JSON on the command line, and a table for people', async () => {
    const [csv, tensors] = ['logits.csv', 'logits.safetensors'].map((name) => path.join(home, name)) as [string, string]
    const line = await normlab(['test', `run:${run}`, '--data', 'digits', '--out', tensors, '--json'], home)
    const [fields] = jsonLines(line.stdout)
    expect(fields).toMatchObject({ test_accuracy: own.accuracy, test_loss: own.loss, images: 360 })
    expect(fields!['confusion']).toHaveLength(10)
    const text = await normlab(['test', `run:${run}`, '--data', 'digits', '--out', csv], home)
    expect(text.stdout).toMatch(/accuracy \d+\.\d\d % of 360 images/)

    // Image by image in both files, with its logits.
    const rows = readFileSync(csv, 'utf8').trim().split('\n').slice(1).map((row) => row.split(',')) // prettier-ignore
    expect(rows[0]!.slice(0, 5)).toEqual(['image', 'label', 'prediction', 'loss', 'logit_0'])
    expect(rows.slice(1).map(([image, label]) => [Number(image), Number(label)])).toEqual(
      [...own.labels].map((label, image) => [image, label]),
    )
    const reader = SafetensorsReader.open(tensors)
    const logits = reader.readFloats('logits')
    reader.close()
    expect(rows.slice(1).flatMap((row) => row.slice(4).map(Number)).map(Math.fround)).toEqual([...logits]) // prettier-ignore
    const first = logits.subarray(0, 10)
    const norm = Math.log(first.reduce((sum, logit) => sum + Math.exp(logit), 0))
    expect(norm - first[own.labels[0]!]!).toBeCloseTo(own.losses[0]!, 5)
  })

  it('is told without the images that have a copy in training, once the set was checked', async () => {
    const file = path.join(home, 'leaky.safetensors')
    const split = new Catalogue(home).openSplit('digits', 'train')
    const take = (name: string, places: readonly number[]) => {
      const pixels = new Uint8Array(places.length * 64)
      places.forEach((place, i) => split.read(place, pixels, i * 64))
      return [
        { name: `${name}/images`, shape: [places.length, 8, 8, 1], dtype: 'U8' as const, data: () => [pixels] },
        {
          name: `${name}/labels`,
          shape: [places.length],
          dtype: 'I32' as const,
          data: () => [Int32Array.from(places, (place) => split.labels[place]!)],
        },
      ]
    }
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
    const names = JSON.stringify(range(0, 10).map(String))
    writeSafetensors(file, [...take('train', range(0, 200)), ...take('test', [...range(190, 200), ...range(300, 360)])], {
      classes: names,
    })
    split.close()
    await lab.start('datasets.import', { source: file, name: 'leaky' }).result
    const ask = async () => jsonLines((await normlab(['test', `run:${run}`, '--data', 'leaky', '--json'], home)).stdout)[0]!
    const before = await ask()
    expect(before).not.toHaveProperty('copies_in_train')
    await lab.start('datasets.check', { name: 'leaky', only: ['exact-copies'] }).result
    const { labels, predictions, withoutCopies } = await lab.start('networks.test', { weights: { run }, data: 'leaky' }).result
    const right = labels.slice(10).filter((label, i) => label === predictions[i + 10]).length
    expect(withoutCopies).toMatchObject({ copies: 10, accuracy: right / 60 })
    expect(await ask()).toMatchObject({ ...before, copies_in_train: 10, test_accuracy_without_copies: right / 60 })
    const { stdout } = await normlab(['test', `run:${run}`, '--data', 'leaky'], home)
    expect(stdout).toContain('Without the 10 images of test that have a copy in train: accuracy ')
  })

  it('has a run’s unit linearised at an image of a set, with nothing but its name', async () => {
    const { units } = await lab.request('runs.show', { run })
    const unit = units[1]!.name
    const asked = ['spectrum', `run:${run}`, '--data', 'digits', '--image', '1', '--json']
    const [one] = jsonLines((await normlab([...asked, '--unit', unit], home)).stdout)
    const all = jsonLines((await normlab([...asked, '--unit', 'all'], home)).stdout)
    const same = all.find((line) => line['unit'] === unit)!
    const largest = (line: Record<string, unknown>): number => (line['largest'] as { value: number }).value
    expect(largest(one!) / largest(same)).toBeCloseTo(1, 2)
    const brighter = await normlab([...asked, '--unit', unit, '--mean', '0.9', '--std', '0.1'], home)
    expect(brighter.stderr).toBe('')
    expect(largest(jsonLines(brighter.stdout)[0]!)).not.toBe(largest(one!))
    const lonely = await normlab([...asked, '--unit', unit, '--mean', '0.9'], home)
    expect([lonely.status, lonely.stderr]).toEqual([2, expect.stringContaining('give both or neither')])
    const none = await normlab(['spectrum', `run:${run}`, '--unit', unit], home)
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--batch FILE or --data NAME')])
  })

  it('can be called off', async () => {
    const { result, cancel } = lab.start('networks.test', { weights: { run }, data: 'digits' })
    cancel()
    await expect(result).rejects.toThrow('it was called off')
  })
})
