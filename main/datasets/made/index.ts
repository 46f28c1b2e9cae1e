import type { DatasetSummary } from '../../../shared/api'
import { madeKinds, madeName, type MadeName, type MadeWords, parseMade } from '../../../shared/datasets/made'
import { type Dataset, type OpenSplit, splitSize, withoutClosing } from '../dataset'
import { shapes10 } from '../shapes10'
import { checkerboard } from './checkerboard'
import { clusters } from './clusters'
import { type Points, pointsSplit } from './points'
import { withRandomLabels } from './random-labels'
import { spirals } from './spirals'

/** The kinds of points; the one other kind has images. */
const POINTS: Readonly<Record<Exclude<MadeName, 'random-labels'>, (numbers: MadeWords['numbers']) => Points>> = {
  spirals,
  checkerboard,
  clusters,
}

/**
 * A set that is made by program, by its words: `spirals`, `spirals:classes=3`. Its name is the words in their one form.
 *
 * @throws UserError where the words are no made set's.
 */
export function madeSet(words: string): Dataset {
  const made = parseMade(words)
  const { title, description, source } = madeKinds.find(({ name }) => name === made.kind)!
  const { train, test, seed } = made.numbers
  const common = {
    ...{ name: madeName(made), title, description, source },
    licence: 'MIT, as NormLab',
    splits: [
      { name: 'train', images: train! },
      { name: 'test', images: test! },
    ],
    procedural: true,
  }
  if (made.kind === 'random-labels') {
    const { shape, classes } = shapes10.summary
    const summary: DatasetSummary = { ...common, shape, classes }
    return opened(summary, (name, images) =>
      withRandomLabels(shapes10.openSplit(name, { images, seed }), classes.length, made.numbers['noise']!, seed!),
    )
  }
  const points = POINTS[made.kind](made.numbers)
  const summary: DatasetSummary = {
    ...common,
    shape: [1, 1, points.features],
    vectors: { range: [...points.range] },
    classes: Array.from({ length: points.classes }, (_, label) => String(label)),
  }
  return opened(summary, (name, images) => pointsSplit(points, name, images, seed!))
}

function opened(summary: DatasetSummary, split: (name: string, images: number) => Omit<OpenSplit, 'close'>): Dataset {
  return {
    summary,
    openSplit: (name, { images } = {}) => withoutClosing(split(name, splitSize(summary, name, images))),
  }
}
