import { Random } from '../../../shared/random'
import { splitSize, withoutClosing, type Dataset, type Split } from '../dataset'
import type { ChannelStatistics } from '../statistics'
import { drawnState } from '../drawn-state'
import { drawShape, pixelBytes, side } from './draw'
import { outlines } from './outlines'

const classes = Object.keys(outlines)

/** Images that are kept once they are drawn, in pages; beyond these each is drawn anew (300 MB are enough to hold). */
const mostKept = 100_000
const pageImages = 1000

/** Images of the training split where nobody says how many. */
const usualImages = 10_000
/** Of those by the usual seed, which would all be drawn for it before a first step or a measurement; the test counts them. */
const usualStatistics: ChannelStatistics = {
  mean: [0.4795535374540441, 0.4804510160079657, 0.47999519952512254],
  std: [0.28595927261181725, 0.2848326377730743, 0.28385712390832185],
}

/** Procedural shapes, 32×32×3. Image i depends on the seed, the split and i alone, so a larger split begins with the smaller one. */
export const shapes10: Dataset = {
  summary: {
    name: 'shapes10',
    title: 'Shapes, ten classes',
    description:
      'Drawn on demand: ten shapes at random places, sizes and angles, dark on light or light on dark, with gradients, stripes, litter and noise.',
    licence: 'MIT, as NormLab',
    source: 'Drawn by NormLab',
    shape: [side, side, 3],
    classes,
    splits: [
      { name: 'train', images: usualImages },
      { name: 'test', images: 2000 },
    ],
    procedural: true,
  },
  openSplit: (name, { images, seed = 1 } = {}) =>
    withoutClosing(drawnSplit(name, splitSize(shapes10.summary, name, images), seed)),
}

function drawnSplit(name: string, length: number, seed: number): Split {
  // Classes take turns: any multiple of ten images has as many of each.
  const labels = Int32Array.from({ length }, (_, index) => index % classes.length)
  const random = new Random(0)
  const pages = new Map<number, Uint8Array>()
  const drawn = new Uint8Array(Math.min(length, mostKept))

  const draw = (index: number, target: Uint8Array, offset: number): void => {
    random.restore({ words: drawnState(seed, name, index), spare: null })
    drawShape(random, labels[index]!, target, offset)
  }
  const page = (index: number): Uint8Array => {
    const number = Math.floor(index / pageImages)
    const kept = pages.get(number)
    if (kept) return kept
    const fresh = new Uint8Array(Math.min(pageImages, drawn.length - number * pageImages) * pixelBytes)
    pages.set(number, fresh)
    return fresh
  }
  return {
    name,
    length,
    shape: [side, side, 3],
    labels,
    ...(name === 'train' && length === usualImages && seed === 1 && { statistics: usualStatistics }),
    read(index, target, offset) {
      if (index >= drawn.length) return draw(index, target, offset)
      const images = page(index)
      const start = (index % pageImages) * pixelBytes
      if (drawn[index] === 0) draw(index, images, start)
      drawn[index] = 1
      target.set(images.subarray(start, start + pixelBytes), offset)
    },
  }
}
