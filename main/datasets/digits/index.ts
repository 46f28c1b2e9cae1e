import { gunzipSync } from 'node:zlib'
import { Random } from '../../../shared/random'
import { splitSize, storedSplit, withoutClosing, type Dataset, type Split } from '../dataset'
import { digitsCsvGz } from './csv'

const shape = [8, 8, 1] as const
const pixels = 64
const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
/** Of each digit: 360 images in all, a fifth. */
const testImagesPerClass = 36

/** Real handwritten digits; see README.md beside this file for where they are from. */
export const digits: Dataset = {
  summary: {
    name: 'digits',
    title: 'Handwritten digits (UCI)',
    description: '1,797 real handwritten digits of 13 writers, 8×8 pixels; one image in five, 36 of each digit, is for testing.',
    licence: 'CC BY 4.0 (data), BSD-3-Clause (packaging)',
    source:
      'E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, doi:10.24432/C50P49; as packaged in scikit-learn 1.9.1',
    shape: [...shape],
    classes,
    splits: [
      { name: 'train', images: 1437 },
      { name: 'test', images: 360 },
    ],
    procedural: false,
  },
  openSplit(name, { images } = {}) {
    const length = splitSize(digits.summary, name, images)
    const all = decode()
    const { train, test } = divide(all.labels)
    return withoutClosing(select(all, name, (name === 'train' ? train : test).slice(0, length)))
  },
}

interface Images {
  readonly images: Uint8Array
  readonly labels: Int32Array
}

/** All images in the file's order, 0–16 scaled to 0–255. */
function decode(): Images {
  const lines = gunzipSync(Buffer.from(digitsCsvGz, 'base64')).toString('ascii').trimEnd().split('\n')
  const images = new Uint8Array(lines.length * pixels)
  const labels = new Int32Array(lines.length)
  lines.forEach((line, i) => {
    const values = line.split(',')
    for (let j = 0; j < pixels; j++) images[i * pixels + j] = Math.round((Number(values[j]) * 255) / 16)
    labels[i] = Number(values[pixels])
  })
  return { images, labels }
}

/** The same division every time: in a fixed random order, the first 36 of each digit are for testing, the rest for training. */
function divide(labels: Int32Array): { train: number[]; test: number[] } {
  const train: number[] = []
  const test: number[] = []
  const taken = new Int32Array(classes.length)
  for (const index of new Random(1).permutation(labels.length)) {
    const label = labels[index]!
    const forTest = taken[label]! < testImagesPerClass
    if (forTest) taken[label]!++
    ;(forTest ? test : train).push(index)
  }
  return { train, test }
}

function select(all: Images, name: string, indices: readonly number[]): Split {
  const images = new Uint8Array(indices.length * pixels)
  indices.forEach((index, i) => images.set(all.images.subarray(index * pixels, (index + 1) * pixels), i * pixels))
  return storedSplit(
    name,
    shape,
    images,
    Int32Array.from(indices, (index) => all.labels[index]!),
  )
}
