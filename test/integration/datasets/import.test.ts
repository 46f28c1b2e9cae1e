import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetDetail } from '../../../shared/api'
import type { ImportChoices } from '../../../shared/datasets/import-choices'
import type { OpenLab } from '../../../main/lab'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { pythonPackages } from '../../../build/prepare/python-packages'
import { openLab, temporaryHome } from '../lab-support'

const { home, remove } = temporaryHome()
const cases = path.join(home, 'cases')
let lab: OpenLab
let count = 0

beforeAll(async () => {
  const env = { ...process.env, PYTHONPATH: await pythonPackages(), PYTHONUTF8: '1' }
  execFileSync('python3', [path.join(__dirname, 'write_cases.py'), cases], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  lab = openLab(path.join(home, 'lab'))
})
afterAll(async () => {
  await lab.close()
  remove()
})

function bring(source: string, choices: ImportChoices = {}): Promise<DatasetDetail> {
  const input = { source: path.join(cases, source), name: `set ${++count}`, choices }
  return lab.start('datasets.import', input).result
}

/** All images of a split, as the export gives them. */
async function pixels(
  { name }: DatasetDetail,
  split = 'train',
): Promise<{ shape: readonly number[]; images: Uint8Array; labels: Int32Array }> {
  const out = path.join(home, 'out.safetensors')
  await lab.start('datasets.export', { name, out }).result
  const file = SafetensorsReader.open(out)
  try {
    const images = file.read(`${split}/images`) as Uint8Array
    return { shape: file.info(`${split}/images`).shape, images, labels: file.readIntegers(`${split}/labels`) }
  } finally {
    file.close()
  }
}

const splitsOf = (set: DatasetDetail): [string, number][] => set.splits.map(({ name, images }) => [name, images])

/** The one picture of a folder, pixel by pixel. */
async function picture(name: string): Promise<{ shape: readonly number[]; values: number[][] }> {
  const { shape, images } = await pixels(await bring(`picture-${name}`))
  const channels = shape[3]!
  const values = Array.from({ length: images.length / channels }, (_, i) => [
    ...images.subarray(i * channels, (i + 1) * channels),
  ])
  return { shape: shape.slice(1), values }
}

describe('CIFAR', () => {
  const dialects = ['python2', 'protocol2', 'protocol4', 'protocol5', 'new-numpy', 'old-numpy']

  it.each(dialects)('reads the pickles of %s, packed and unpacked, alike', async (dialect) => {
    const sets = [await bring(`cifar10-python/${dialect}`), await bring(`cifar10-python/${dialect}.tar.gz`)]
    expect(new Set(sets.map(({ hash }) => hash)).size).toBe(1)
    expect(splitsOf(sets[0]!)).toEqual([
      ['train', 100],
      ['test', 20],
    ])
    expect(sets[0]!.classes[3]).toBe('cat')
    const { shape, images, labels } = await pixels(sets[0]!)
    const at = (row: number, column: number): number[] => [
      ...images.subarray((row * 32 + column) * 3, (row * 32 + column) * 3 + 3),
    ]
    expect(shape).toEqual([100, 32, 32, 3])
    expect([at(0, 0), at(0, 1), at(1, 0)]).toEqual([
      [0, 140, 29],
      [7, 147, 36],
      [224, 113, 2],
    ])
    expect([...labels.subarray(0, 3), labels[20]]).toEqual([1, 2, 3, 2])
  })

  it('runs nothing of a pickle that calls something, and stores nothing', async () => {
    await expect(bring('cifar10-python/hostile')).rejects.toThrow(/data_batch_3: it calls \w+\.system, .* nothing of it was run/)
    expect(existsSync(path.join(cases, 'was-run'))).toBe(false)
    expect(readdirSync(path.join(home, 'lab/datasets')).filter((name) => name.startsWith('.import'))).toEqual([])
  })

  it('takes the fine label of CIFAR-100, the coarse one where it is asked for', async () => {
    const fine = await bring('cifar100')
    const coarse = await bring('cifar100', { labels: 'coarse' })
    const { images, labels } = await pixels(fine)
    expect([fine.classes.length, coarse.classes.length]).toEqual([100, 20])
    expect([labels[0], fine.classes[labels[0]!], (await pixels(coarse)).labels[0]]).toEqual([19, 'cattle', 11])
    expect([...images.subarray(0, 3)]).toEqual([0, 140, 29])
    expect(splitsOf(await bring('cifar10-binary'))).toEqual([
      ['train', 4],
      ['test', 2],
    ])
  })

  it.each([
    ['cifar100-rest', /train\.bin: 9227 bytes are no whole number of records of 3074: 5 are left over/],
    ['cifar100-label', /train\.bin: image 1 has label 100, there are 100 classes/],
    ['cifar-either', /fits CIFAR-10 .* and CIFAR-100 .* alike/],
  ])('refuses %s with a sentence', async (source, sentence) => {
    await expect(bring(source)).rejects.toThrow(sentence)
  })
})

describe('IDX', () => {
  it('reads MNIST’s form pixel for pixel', async () => {
    const set = await bring('idx')
    const { shape, images } = await pixels(set, 'test')
    expect(splitsOf(set)).toEqual([
      ['train', 60],
      ['test', 60],
    ])
    expect(shape).toEqual([60, 5, 4, 1])
    expect(Buffer.from(images)).toEqual(readFileSync(path.join(cases, 'idx.raw')))
  })

  it('turns EMNIST’s letters, names 26 classes from 1, and says both', async () => {
    const set = await bring('emnist')
    const { images, labels } = await pixels(set)
    expect(set.classes).toEqual(Array.from({ length: 26 }, (_, i) => String(i + 1)))
    expect(Buffer.from(images.subarray(0, 784))).toEqual(readFileSync(path.join(cases, 'emnist/letter.raw')))
    expect(labels[0]).toBe(0)
    expect(set.remarks.join()).toMatch(/begin at 1.*column by column/)
    const asStored = await pixels(await bring('emnist', { transpose: false }))
    expect(asStored.images[6 * 28 + 4]).toBe(255)
  })

  it('takes the first column of QMNIST’s labels, and says so', async () => {
    const set = await bring('qmnist')
    expect([...(await pixels(set)).labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(set.remarks.join()).toMatch(/8 columns; the first is taken/)
  })

  it.each([
    ['idx-counts', /60 images and 59 labels/],
    ['idx-cut', /need 1216 bytes, it has 1215/],
    ['idx-float', /float32/],
  ])('refuses %s with a sentence', async (source, sentence) => {
    await expect(bring(source)).rejects.toThrow(sentence)
  })
})

describe('folders of images', () => {
  it('has classes in code-point order, walks into folders, leaves hidden things and links alone, and tells what it left out', async () => {
    const set = await bring('folders')
    expect(set.classes).toEqual(['1', '10', '2'])
    expect(set.splits[0]!.classCounts).toEqual([3, 3, 4])
    expect(set.remarks.join('\n')).toMatch(/class 3 has no image and is left out[^]*1\/notes\.txt[^]*2\/above \(a link/)
    expect((await bring('folders', { order: 'natural', keepEmpty: true })).classes).toEqual(['1', '2', '3', '10'])
    // Blue tells which picture it is: 255 less its value.
    const { images, labels } = await pixels(set)
    expect([images[2], labels[0], images[3 * 48 + 2], labels[3]]).toEqual([245, 0, 155, 1])
  })

  it('refuses pictures of two sizes with the place', async () => {
    await expect(bring('sizes')).rejects.toThrow(/b\/2\.png: this picture has 4×5 pixels \(height × width\), those before it 4×4/)
    expect((await bring('sizes', { otherSizes: 'leave-out' })).remarks).toContain(
      '1 file has another size and is left out: b/2.png (4×5, not 4×4)',
    )
  })

  it('takes a table’s paths, labels and splits, and nothing outside of the source', async () => {
    const set = await bring('table')
    expect([set.classes, splitsOf(set)]).toEqual([
      ['cat', 'dog, big'],
      [
        ['train', 3],
        ['test', 1],
      ],
    ])
    expect((await bring('lines')).classes).toEqual(['0', '1'])
    await expect(bring('table-outside')).rejects.toThrow(/row 1: "\.\.\/\.\.\/etc\/passwd" lies outside/)
  })
})

describe('pictures', () => {
  const flag = [...Array.from({ length: 8 }, () => [255, 0, 0]), ...Array.from({ length: 8 }, () => [0, 0, 255])]

  it('has the colours of a palette, whatever is transparent', async () => {
    expect((await picture('palette')).values).toEqual([
      [17, 34, 51],
      [68, 85, 102],
    ])
  })
  it('rounds sixteen bits to eight', async () => {
    expect((await picture('deep')).values).toEqual([[0], [2], [255]])
  })
  it('turns a picture as its EXIF says', async () => {
    const { shape, values } = await picture('turned')
    expect(shape).toEqual([16, 8, 3])
    expect([values[0]![0]! > 200, values[127]![2]! > 200]).toEqual([true, true])
  })
  it('makes four inks three lights', async () => {
    for (const value of (await picture('cmyk')).values) expect(value).toEqual([255, 0, 0])
  })
  it.each(['named', 'gif', 'webp', 'bmp', 'png'])('reads %s by its content, the first picture of it', async (name) => {
    expect((await picture(name)).values.slice(0, 16)).toEqual(flag)
  })
  it('lists half a JPEG by name instead of showing it half grey', async () => {
    const set = await bring('picture-half')
    expect([splitsOf(set), set.remarks.join()]).toEqual([
      [['train', 1]],
      expect.stringMatching(/class\/half\.jpg \(it cannot be decoded/),
    ])
  })
  it('refuses a header that lies', async () => {
    await expect(bring('picture-lying')).rejects.toThrow(/cannot be decoded/)
  })
})

describe('numpy’s arrays', () => {
  const expected = Uint8Array.from({ length: 36 }, (_, i) => i)

  it.each(['c.npz', 'fortran.npz', 'big-int.npz', 'big-float.npz', 'column.npz', 'hot.npz', 'version1', 'version2', 'version3'])(
    '%s is the array that was saved',
    async (name) => {
      const { shape, images, labels } = await pixels(await bring(`arrays/${name}`))
      expect([shape, images, [...labels]]).toEqual([[2, 2, 3, 3], expected, [1, 0]])
    },
  )
  it('asks where the channels are where both fit', async () => {
    await expect(bring('arrays/first.npz')).rejects.toThrow(/--layout nhwc or nchw/)
    expect((await pixels(await bring('arrays/first.npz', { layout: 'nchw' }))).images).toEqual(expected)
  })
  it('tells shares of white from bytes, and says which it took', async () => {
    const unit = await bring('arrays/unit.npz')
    expect((await pixels(unit)).images[0]).toBe(128)
    expect(unit.remarks.join()).toMatch(/shares of white/)
    expect((await pixels(await bring('arrays/byte.npz'))).images[0]).toBe(127)
  })
  it('knows splits by the arrays’ names', async () => {
    expect(splitsOf(await bring('arrays/keys.npz'))).toEqual([
      ['train', 2],
      ['validation', 1],
      ['test', 1],
    ])
  })
  it.each([
    ['negative.npz', /label 1 is -1/],
    ['objects.npz', /Python objects/],
  ])('refuses %s with a sentence', async (name, sentence) => {
    await expect(bring(`arrays/${name}`)).rejects.toThrow(sentence)
  })
})

describe('archives', () => {
  it('reads names in the code page of old PCs, parts folders at backslashes, and skips what leads out', async () => {
    const set = await bring('archives/names.zip')
    expect([set.classes, set.remarks.join()]).toEqual([
      ['Grün', 'cat'],
      expect.stringContaining('../x.png (its path leads out of the archive)'),
    ])
  })
  it('reads zip64, and looks through folders that all share', async () => {
    const set = await bring('archives/nested.zip')
    expect([set.classes, splitsOf(set)]).toEqual([
      ['cat', 'dog'],
      [
        ['train', 2],
        ['test', 1],
      ],
    ])
  })
  it.each(['pax', 'gnu'])('reads long names of %s, and skips links', async (form) => {
    const set = await bring(`archives/${form}.tar`)
    expect([set.classes, splitsOf(set)]).toEqual([['cat', 'dog'], [['train', 2]]])
    expect(set.remarks.join()).toMatch(/cat\/link\.png \(a link\), cat\/hard\.png \(a link\)/)
  })
  it.each([
    ['encrypted.zip', /cat\/1\.png: this file is encrypted/],
    ['bomb.zip', /unpacks to more than|more than 2 GB/],
    ['cut.tar.gz', /damaged or cut short/],
    ['packed.tar.xz', /packed by xz, which is not read here; unpack it and import the folder/],
    ['flipped.zip', /check sum is not that of its content/],
  ])('refuses %s with a sentence', async (name, sentence) => {
    await expect(bring(`archives/${name}`)).rejects.toThrow(sentence)
  })
})

describe('Parquet', () => {
  it('reads the hub’s shards in their order, with the names of the classes from its metadata', async () => {
    const set = await bring('hub')
    const { images, labels } = await pixels(set)
    expect([set.classes, splitsOf(set)]).toEqual([
      ['airplane', 'cat', 'dog'],
      [
        ['train', 12],
        ['test', 2],
      ],
    ])
    expect(Array.from({ length: 12 }, (_, i) => images[i * 48])).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect([...labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  })
  it('knows splits by folders, too', async () => {
    expect(splitsOf(await bring('hub-folders'))).toEqual([
      ['train', 3],
      ['test', 3],
    ])
  })
})

describe('an imported set', () => {
  it('has mean and deviation over all pixels of a split, not the mean of the images’ deviations', async () => {
    const [split] = (await bring('extremes')).splits
    expect([split!.mean, split!.std]).toEqual([[0.5], [0.5]])
  })

  it('comes back from its own export, and is told when its file was changed', async () => {
    const set = await bring('folders')
    const out = path.join(cases, 'again.safetensors')
    await lab.start('datasets.export', { name: set.name, out }).result
    const again = await bring('again.safetensors')
    expect(again.hash).toBe(set.hash)
    const nameIn = (folder: string): string =>
      (JSON.parse(readFileSync(path.join(home, 'lab/datasets', folder, 'about.json'), 'utf8')) as { name: string }).name
    const folder = readdirSync(path.join(home, 'lab/datasets')).find((name) => nameIn(name) === again.name)!
    const file = path.join(home, 'lab/datasets', folder, 'images.safetensors')
    const bytes = readFileSync(file)
    bytes[bytes.length - 50]! ^= 1
    writeFileSync(file, bytes)
    const results = await Promise.allSettled([set, again].map(({ name }) => lab.start('datasets.verify', { name }).result))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('refuses a name that is taken, and lets go of a set', async () => {
    const set = await bring('extremes')
    await expect(lab.start('datasets.import', { source: path.join(cases, 'extremes'), name: set.name }).result).rejects.toThrow(
      /there is a data set of this name/,
    )
    await lab.request('datasets.delete', { name: set.name })
    expect((await lab.request('datasets.list', {})).map(({ name }) => name)).not.toContain(set.name)
  })

  it('shows nothing of an import that was called off, and goes on with it when the same is imported again', async () => {
    const source = path.join(cases, 'cifar10-python/python2')
    const hidden = (): string[] => readdirSync(path.join(home, 'lab/datasets')).filter((name) => name.startsWith('.import'))
    const { result, cancel } = lab.start('datasets.import', { source, name: 'called off' }, () => cancel())
    await expect(result).rejects.toThrow(/called off/)
    expect((await lab.request('datasets.list', {})).map(({ name }) => name)).not.toContain('called off')
    expect(hidden()).toHaveLength(1)
    const again = await lab.start('datasets.import', { source, name: 'called off' }).result
    expect([again.hash, hidden()]).toEqual([(await bring('cifar10-python/python2')).hash, []])
  })
})
