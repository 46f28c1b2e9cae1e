import { z } from 'zod'
import { family, finite, Pattern } from './family'
import { layersText } from './layers-text'
import { type Setting, setting } from './setting'

const common = { group: 'repairs', fullPathOnly: true } as const
const applies: Setting['applies'] = (of) => of('training.clip.layers') !== 'none'
const awaits = { applies, awaits: 'training.clip.layers' }

/** Least and greatest singular value that an operator shall have. */
const Interval = z
  .tuple([finite.min(0).max(1e6), finite.gt(0).max(1e6)], 'must be two numbers, the least and the greatest: 0.5, 1.5')
  .refine(([least, greatest]) => least <= greatest, 'must be two numbers of which the second is not less than the first')

/**
 * Keeps singular values in an interval: each k steps those of the chosen kernels that left it are put back on its edge (Sedghi, Gupta,
 * Long 2019, section 3). Of a convolution they are those of the operator that the projection takes.
 */
export const clip = family({
  layers: setting({
    ...common,
    label: 'Clipped spectra',
    says: 'Convolutions and dense layers whose singular values are kept in an interval: those of stem and transitions, all, or those whose names fit a pattern',
    schema: z.union([z.enum(['none', 'transitions', 'all']), z.array(Pattern).min(1).max(1000)]).default('none'),
    words: { none: 'None', transitions: 'Transitions, stem', all: 'All layers' },
    text: layersText(['none', 'transitions', 'all'], 'stage2.*, head'),
  }),
  interval: setting({
    ...{ ...common, ...awaits, label: 'Interval of the spectra' },
    says: 'The least and the greatest singular value; one that is outside is put on the nearer edge',
    schema: Interval.default([0.5, 1.5]),
    text: {
      read: (text) => text.replace(/^\[|\]$/g, '').split(/[,;\s]+/).filter(Boolean).map(Number), // prettier-ignore
      write: (value) => (value as readonly number[]).join(', '),
      example: '0.5, 1.5',
    },
  }),
  every: setting({
    ...{ ...common, ...awaits, label: 'Clipping every', unit: 'steps' },
    says: 'Steps between clippings, each after the step’s update and projection',
    schema: z.number().int().min(1).max(1_000_000).default(100),
  }),
})
