import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSet, recognise } from '../../../../main/datasets/import'
import { openTree } from '../../../../main/formats/trees'
import { pageSentence } from '../../../../main/lab/chosen-sources'
import { commonName } from '../../../../renderer/datasets/import/common-name'
import { png as writePng } from '../../../support/png'
import { idx, npy, zip } from './files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-belongs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const png = (): Uint8Array => writePng(1, 1, Uint8Array.of(9))
const put = (name: string, bytes: Uint8Array | string): string => {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, bytes)
  return file
}

/** What a source comes to: labels in their order, and what is said of it. */
async function found(source: string): Promise<{ labels: string[]; remarks: readonly string[] }> {
  const tree = await openTree(source)
  const { set } = await openSet(recognise(tree, undefined), tree, {})
  const labels: string[] = []
  for await (const { label } of set.images(() => true)) labels.push(set.classes[label]!)
  return { labels, remarks: set.remarks }
}

describe('a single file', () => {
  it.each(['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'])(
    'of an IDX pair, %s, is taken with its other half',
    async (name) => {
      put('train-images-idx3-ubyte', idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]))
      put('train-labels-idx1-ubyte', idx([2], [1, 0]))
      put('t10k-labels-idx1-ubyte', idx([2], [0, 0]))
      const { labels, remarks } = await found(path.join(folder, name))
      expect(labels).toEqual(['1', '0'])
      expect(remarks.join()).toMatch(
        /^1 file is taken with it, as it lies beside it and belongs to it: train-(labels|images)-idx/,
      )
    },
  )

  it('of an IDX pair that lies alone is told so', async () => {
    const labels = put('train-labels-idx1-ubyte', idx([2], [1, 0]))
    await expect(found(labels)).rejects.toThrow('this is a file of labels, and no file of its images lies beside it; put both')
    const images = put('t10k-images-idx3-ubyte', idx([1, 2, 2], [1, 2, 3, 4]))
    await expect(found(images)).rejects.toThrow('there is no file of labels for these images; put both')
  })

  it('of arrays is taken with its labels', async () => {
    const images = put('x_train.npy', npy('|u1', [2, 1, 2], [1, 2, 3, 4]))
    put('y_train.npy', npy('|u1', [2], [1, 0]))
    put('y_test.npy', npy('|u1', [1], [0]))
    expect((await found(images)).labels).toEqual(['1', '0'])
  })

  it('that is a table is taken with the pictures that it names, and with no other', async () => {
    const table = put('labels.csv', 'path,label\nimg/1.png,cat\nimg/2.png,dog\n')
    for (const name of ['img/1.png', 'img/2.png', 'img/3.png']) put(name, png())
    const { labels, remarks } = await found(table)
    expect([labels, remarks.join()]).toEqual([
      ['cat', 'dog'],
      expect.stringMatching(/2 files are taken with it.*: img\/1.png, img\/2.png/),
    ])
    const lines = put('more.jsonl', '{"file_name": "img/3.png", "label": 1}\n{"file_name": "img/4.png", "label": 0}\n')
    await expect(found(lines)).rejects.toThrow(/more\.jsonl, row 2: there is no picture "img\/4\.png"/)
  })

  it('that is a table of anything else is told what a table must have', async () => {
    const numbers = put('people.csv', 'age,height,weight,a,b,c,d,label\n1,2,3,4,5,6,7,yes\n')
    await expect(found(numbers)).rejects.toThrow(
      /people\.csv: it is a table without a column of paths to pictures, its columns are age, height, weight, a, b, c and 2 more; name the columns path and label; a table of numbers/,
    )
    const bare = put('bare.csv', 'file,kind\na.png,cat\n')
    await expect(found(bare)).rejects.toThrow('without a column of classes, its columns are file, kind; name the column of the')
  })
})

describe('a folder', () => {
  it('of several things tells what is left out', async () => {
    put('train-images-idx3-ubyte', idx([1, 2, 2], [1, 2, 3, 4]))
    put('train-labels-idx1-ubyte', idx([1], [0]))
    put('README', 'words')
    put('cat/1.png', png())
    expect((await found(folder)).remarks).toContain('left out, as no part of the set: README, cat/1.png')
  })

  it('of archives says that each is imported by itself', async () => {
    for (const name of ['a.npz', 'b.npz']) put(name, Buffer.from('PK\u0003\u0004 and more', 'latin1'))
    await expect(found(folder)).rejects.toThrow(
      `${folder}: 2 files are in it, which are imported one by one: a.npz, b.npz; import one of them, as a.npz`,
    )
  })

  it('of what is packed otherwise says by what', async () => {
    put('pets.7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]))
    await expect(found(folder)).rejects.toThrow(
      `${folder}: in it is pets.7z, packed by 7-Zip, which is not read here; unpack that and import its folder, or pack it as .tar.gz or .zip`,
    )
  })
})

describe('a zip', () => {
  it('of which something cannot be unpacked says so with what is missing for it', async () => {
    const files = { 'x.npy': npy('|u1', [1, 2, 2], [1, 2, 3, 4]), 'y.npy': npy('|u1', [1], [0]) }
    expect((await found(put('whole.zip', zip(files)))).labels).toEqual(['0'])
    await expect(found(put('half.zip', zip(files, { 'y.npy': 14 })))).rejects.toThrow(
      /x\.npy: there are no labels for these images \(y\.npy is left out, packed by method 14, which is not known here\)/,
    )
  })
})

describe('a value that is none', () => {
  it('is told with its image and its place in it', async () => {
    put('y.npy', npy('|u1', [3], [0, 1, 0]))
    put('x.npy', npy('<f4', [3, 2, 2, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NaN, 0]))
    await expect(found(folder)).rejects.toThrow('x.npy: the value of image 2 at [1, 0, 0] is not a number, outside of 0–255')
  })
})

describe('what pages are told', () => {
  it('names the file alone, and no option', async () => {
    put('y.npy', npy('|u1', [2], [0, 1]))
    put('x.npy', npy('|u1', [2, 3, 2, 3], Array<number>(36).fill(1)))
    const { message } = await found(folder).then(
      () => new Error('taken'),
      (error: Error) => error,
    )
    expect(message).toContain('“Channels”: Last (N×H×W×C) or Before the rows (N×C×H×W) (--layout nhwc or nchw)')
    expect(pageSentence(message, folder)).toBe(
      `${path.basename(folder)}: x.npy: the shape 2×3×2×3 can be N×H×W×C and N×C×H×W alike; say under “Channels”: Last (N×H×W×C) or Before the rows (N×C×H×W)`,
    )
  })

  it.each([
    [['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'], 'train'],
    [['emnist-letters-test-images-idx3-ubyte', 'emnist-letters-test-labels-idx1-ubyte'], 'emnist-letters-test'],
    [['pets/cat/1.png', 'pets/dog/2.png'], 'pets'],
    [['x.npy', 'y.npy'], 'x and 1 more'],
  ])('calls %s together %s', (paths, name) => {
    expect(commonName(paths)).toBe(name)
  })
})

describe.skipIf(process.platform !== 'linux')('a name that is no text', () => {
  it('is told as one that is left out, be it a file or a whole class', async () => {
    for (const name of ['a/1.png', 'b/1.png']) put(name, png())
    const latin = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
    writeFileSync(latin('b/\xfc.png'), png())
    mkdirSync(latin('Gr\xfcn'))
    writeFileSync(latin('Gr\xfcn/1.png'), png())
    const tree = await openTree(folder)
    expect(tree.entries.map((entry) => entry.path)).toEqual(['a/1.png', 'b/1.png'])
    expect(tree.skipped.map(({ path, why }) => `${path}: ${why}`).sort()).toEqual([
      'Gr\ufffdn: its name is not UTF-8',
      'b/\ufffd.png: its name is not UTF-8',
    ])
  })
})
