import { z } from 'zod'
import { SplitName } from './names'
import { defineStep, field, ofWords, seed, splitsField } from './step'

/** Names of new splits are one word, as an option writes them. */
const NewSplit = SplitName.regex(/^[^\s,=/\p{Cc}]+$/u, 'must be one word without comma, equals sign or slash')

const Fractions = z
  .record(NewSplit, z.number().gt(0).max(1))
  .refine((into) => Object.keys(into).length > 0 && Object.keys(into).length <= 100, 'must name 1 to 100 splits')
  .refine((into) => Math.abs(Object.values(into).reduce((sum, part) => sum + part, 0) - 1) < 1e-6, 'must come to 1 in all')

/** @throws Error with what is wrong: fractions are written `train=0.8, test=0.2`. */
export function readFractions(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value = '', ...rest] = part.split('=').map((word) => word.trim())
      if (name === '' || value === '' || rest.length > 0 || !Number.isFinite(Number(value)))
        throw new Error('splits with their shares, for example train=0.8, test=0.2')
      return [name, Number(value)]
    }),
  )
}

/** Divides splits anew. What becomes of an image is decided by the seed and its own content. */
export const split = defineStep({
  name: 'split',
  label: 'Split',
  says: 'Divides images among named splits; equal images fall into the same one',
  fields: {
    into: field({
      label: 'Into',
      says: 'The new splits and their shares, which come to 1',
      schema: Fractions,
      text: {
        read: readFractions,
        write: (value) =>
          Object.entries(value as Record<string, number>)
            .map(([name, share]) => `${name}=${share}`)
            .join(', '),
        example: 'train=0.8, validation=0.1, test=0.1',
      },
    }),
    of: splitsField('train'),
    stratified: field({
      label: 'Stratified',
      says: 'Each class has its share in each split, to an image; else each image falls by itself and never moves',
      schema: z.boolean().default(true),
    }),
    seed,
  },
  tell: ({ into, of, stratified, seed }) =>
    `${ofWords(of, 'train')} divided into ${Object.entries(into)
      .map(([name, share]) => `${name} ${share}`)
      .join(', ')}${stratified ? ', class by class' : ''}, seed ${seed}`,
})
