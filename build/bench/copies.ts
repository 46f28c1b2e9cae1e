import { Random } from '../../shared/random'
import { usualChecks } from '../../shared/datasets/checks'
import { COPY, CopySearch } from '../../main/datasets/checks/copies/search'
import { likeness } from '../../main/datasets/checks/copies/likeness'
import { turned } from '../../main/datasets/checks/copies/turns'
import { runChecks } from '../../main/datasets/checks/run'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { alterations } from './alterations'
import { madePicture } from './made-pictures'

/**
 * How long the checks of a set take, how many planted copies the search for near copies finds, and what else it takes for their copies. Prints one
 * JSON object.
 *   tsx build/bench/copies.ts [FILE.safetensors]
 * FILE is a set as `datasets export` writes it; else 60,000 pictures are made. 200 of its training images each are mirrored, turned, moved, compressed, brightened,
 * and put among them as images of their own.
 */
const PLANTED = 200
const MADE = { train: 50_000, test: 10_000, side: 32 }

interface Source {
  readonly shape: readonly [number, number, number]
  readonly splits: readonly { name: string; first: number; length: number }[]
  readonly classes: readonly string[]
  readonly labels: Int32Array
  own(image: number): Uint8Array
}

function made(): Source {
  const { train, test, side } = MADE
  const pictures = Array.from({ length: train + test }, (_, image) => madePicture(image, side))
  return {
    shape: [side, side, 3],
    splits: [
      { name: 'train', first: 0, length: train },
      { name: 'test', first: train, length: test },
    ],
    classes: ['a', 'b'],
    labels: Int32Array.from(pictures, (_, image) => image % 2),
    own: (image) => pictures[image]!,
  }
}

function read(file: string): Source {
  const reader = SafetensorsReader.open(file)
  const names = ['train', 'test'].filter((name) => reader.tensors.some((tensor) => tensor.name === `${name}/images`))
  const [, height, width, channels] = reader.info('train/images').shape as [number, number, number, number]
  const bytes = height * width * channels
  let first = 0
  const splits = names.map((name) => {
    const split = { name, first, length: reader.info(`${name}/images`).shape[0]! }
    first += split.length
    return split
  })
  const labels = new Int32Array(first)
  for (const { name, first: from } of splits) labels.set(reader.readFloats(`${name}/labels`), from)
  return {
    ...{ shape: [height, width, channels], splits, labels },
    classes: Array.from({ length: labels.reduce((most, label) => Math.max(most, label), 0) + 1 }, (_, k) => String(k)),
    own(image) {
      const { name, first: from } = [...splits].reverse().find((split) => split.first <= image)!
      const pixels = new Uint8Array(bytes)
      reader.readSlice(`${name}/images`, (image - from) * bytes, pixels, 0, bytes)
      return pixels
    },
  }
}

const [file] = process.argv.slice(2)
const source = file === undefined ? made() : read(file)
const { shape, splits, own } = source
const [side, , channels] = shape
const count = splits[0]!.length

/** All usual checks over the whole set. */
const total = source.labels.length
const whole = {
  ...source,
  length: total,
  read: (image: number, target: Uint8Array) => target.set(own(image)),
  close: () => undefined,
}
const began = performance.now()
const cpu = process.cpuUsage()
const { verdict } = runChecks(whole, { name: 'bench', hash: '', only: usualChecks, remarks: [] }, () => undefined)
const seconds = (performance.now() - began) / 1000
const cpuSeconds = process.cpuUsage(cpu).user / 1e6

const kinds = Object.entries(alterations(side, channels))
const chosen = new Random(1).permutation(count).slice(0, PLANTED * kinds.length)
const planted = kinds.flatMap(([, alter], i) => Array.from({ length: PLANTED }, (_, j) => alter(own(chosen[i * PLANTED + j]!))))
const pixelsOf = (image: number): Uint8Array => (image < count ? own(image) : planted[image - count]!)
const search = new CopySearch({
  ...{ splits: [{ name: 'train', first: 0, length: count + planted.length }], classes: ['all'], shape },
  ...{ length: count + planted.length, labels: new Int32Array(count + planted.length), close: () => undefined },
  read: (image, target) => target.set(pixelsOf(image)),
})
for (let image = 0; image < count + planted.length; image++) search.add(image, pixelsOf(image))
search.ready()
const partners = Array.from({ length: count + planted.length }, (_, image) => search.look(image).map(({ other }) => other))

/** A partner that is no copy of the planted one's original has to be like the original itself. */
const floats = (image: number): Float32Array => Float32Array.from(pixelsOf(image))
const isCopyOf = (original: number, other: number): boolean =>
  Array.from({ length: 8 }, (_, which) => likeness(turned(floats(original), side, which), floats(other), side)).some(
    (like) => like.whole >= COPY.whole && like.detail >= COPY.detail,
  )
const figures = kinds.map(([name], i) => {
  let [found, told, right] = [0, 0, 0]
  for (let j = 0; j < PLANTED; j++) {
    const [original, place] = [chosen[i * PLANTED + j]!, i * PLANTED + j + count]
    if (partners[place]!.includes(original) || partners[original]!.includes(place)) found++
    for (const other of partners[place]!) {
      told++
      if (other === original || isCopyOf(original, other)) right++
    }
  }
  return { name, recall: found / PLANTED, precision: told > 0 ? right / told : null }
})
process.stdout.write(`${JSON.stringify({ images: total, seconds, cpuSeconds, verdict, kinds: figures })}\n`)
