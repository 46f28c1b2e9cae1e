import { countWords } from '../count-words'
import { z } from 'zod'
import { SplitName } from './names'
import { defineStep, field, listText, ofWords, seed, splitsField } from './step'

/** Some of the classes. */
export const classes = defineStep({
  name: 'classes',
  label: 'Classes',
  says: 'Keeps some of the classes, in the order that they had',
  fields: {
    classes: field({
      label: 'Classes',
      says: 'Names of those that are kept',
      schema: z.array(z.string().min(1).max(500)).min(1).max(100_000),
      text: { ...listText, example: 'cat, dog' },
    }),
  },
  tell: ({ classes: kept }) =>
    `classes ${kept.slice(0, 12).join(', ')}${kept.length > 12 ? ` and ${kept.length - 12} more` : ''}`,
})

/** Fewer images. */
export const cap = defineStep({
  name: 'cap',
  label: 'Cap',
  says: 'Keeps at most so many images',
  fields: {
    images: field({
      label: 'Images',
      says: 'At most so many are kept',
      unit: 'images',
      schema: z.number().int().min(1).max(100_000_000),
    }),
    per: field({
      label: 'In each',
      says: 'Of each class of a split, or of a split in all',
      schema: z.enum(['class', 'split']).default('class'),
      words: { class: 'Class', split: 'Split' },
    }),
    of: splitsField('all'),
    seed,
  },
  tell: ({ images, per, of, seed }) =>
    `at most ${countWords(images, 'image')} of each ${per === 'class' ? 'class' : 'split'} in ${ofWords(of, 'all splits')}, seed ${seed}`,
})

/** A long tail (Cui et al. 2019, section 5.1): n_k = ⌊n·ratio^(−k/(K−1))⌋, n the largest class, k the class's place. */
export const imbalance = defineStep({
  name: 'imbalance',
  label: 'Imbalance',
  says: 'A long tail: the first class keeps all its images, each next one a constant share less',
  fields: {
    ratio: field({
      label: 'Ratio',
      says: 'Of the first class to the last',
      schema: z.number().min(1).max(1_000_000),
    }),
    of: splitsField('train'),
    seed,
  },
  tell: ({ ratio, of, seed }) => `a long tail of ${ratio} to 1 in ${ofWords(of, 'train')}, seed ${seed}`,
})

/** Symmetric label noise: with the given chance a label becomes another one, each of the others equally often. */
export const labelNoise = defineStep({
  name: 'label-noise',
  label: 'Label noise',
  says: 'Exchanges labels by chance for one of the others, each equally often',
  fields: {
    share: field({
      label: 'Share',
      says: 'Chance that a label is exchanged: the share that is wrong afterwards',
      schema: z.number().min(0).max(1),
    }),
    of: splitsField('train'),
    seed,
  },
  tell: ({ share, of, seed }) => `labels of ${ofWords(of, 'train')} exchanged with a chance of ${share}, seed ${seed}`,
})

const Indices = z.record(SplitName, z.array(z.number().int().min(0)).max(100_000_000))

/** Images that are named one by one, as a check of the set offers it. */
export const leaveOut = defineStep({
  name: 'leave-out',
  label: 'Leave out',
  says: 'Leaves out images that are named by the source’s split and their place in it, from 0',
  fields: {
    images: field({
      label: 'Images',
      says: 'Splits of the source with places in them',
      schema: Indices,
      text: {
        read: readIndices,
        write: (value) =>
          Object.entries(value as Record<string, number[]>)
            .flatMap(([split, indices]) => indices.map((index) => `${split}/${index}`))
            .join(', '),
        example: 'train/17, test/3',
      },
    }),
  },
  tell: ({ images }) =>
    `left out: ${Object.entries(images)
      .map(([split, indices]) => `${indices.length} of ${split}`)
      .join(', ')}`,
})

/** @throws Error with what is wrong: images are written `train/17, test/3`. */
export function readIndices(text: string): Record<string, number[]> {
  const images: Record<string, number[]> = {}
  for (const part of text.split(/[,\n]/)) {
    const word = part.trim()
    if (word === '') continue
    const at = word.lastIndexOf('/')
    if (at < 1 || !/^\d+$/.test(word.slice(at + 1))) throw new Error('splits and places, for example train/17, test/3')
    ;(images[word.slice(0, at)] ??= []).push(Number(word.slice(at + 1)))
  }
  return images
}
