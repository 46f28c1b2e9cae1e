import { Random } from '../../../shared/random'
import type { Split } from '../dataset'
import { drawnState } from '../drawn-state'

/** Keeps the labels apart from the images of the same seed. */
const LABELS = 0x6c61626c

/** The images of a split as they are, with each label drawn anew by chance, all classes equally often. */
export function withRandomLabels(split: Split, classes: number, noise: number, seed: number): Split {
  const random = new Random(0)
  const labels = split.labels.map((label, index) => {
    random.restore({ words: drawnState(seed ^ LABELS, split.name, index), spare: null })
    return random.uniform() < noise ? random.integer(classes) : label
  })
  return { ...split, labels }
}
