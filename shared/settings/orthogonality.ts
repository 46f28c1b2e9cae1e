import { z } from 'zod'
import { penalties, PENALTY_NAMES } from '../penalties'
import { family, finite, Pattern } from './family'
import { layersText } from './layers-text'
import { type Setting, setting } from './setting'

const common = { group: 'regularisation', fullPathOnly: true } as const
const applies: Setting['applies'] = (of) => of('training.orthogonality.form') !== 'none'
const awaits = { applies, awaits: 'training.orthogonality.form' }

/** A penalty that draws kernels towards orthogonal ones; `shared/penalties` has the forms. */
export const orthogonality = family({
  form: setting({
    ...common,
    label: 'Orthogonality’s penalty',
    also: ['srip', 'ocnn', 'soft-orthogonality'],
    says: 'What is added to the loss of each chosen kernel: soft orthogonality of its matrix, or of the convolution’s operator',
    schema: z.enum(['none', ...PENALTY_NAMES]).default('none'),
    words: { none: 'None', ...Object.fromEntries(PENALTY_NAMES.map((name) => [name, penalties[name].title])) },
  }),
  strength: setting({
    ...{ ...common, ...awaits, label: 'Penalty’s strength' },
    says: 'Factor of that penalty, summed over the kernels',
    schema: finite.min(0).max(1e6).default(0.01),
    grows: 'logarithmic',
  }),
  layers: setting({
    ...{ ...common, ...awaits, label: 'Penalised layers' },
    says: 'Convolutions without groups and dense layers that are penalised: those of stem and transitions, all, or those whose names fit a pattern',
    schema: z.union([z.enum(['transitions', 'all']), z.array(Pattern).min(1).max(1000)]).default('all'),
    words: { transitions: 'Transitions, stem', all: 'All layers' },
    text: layersText(['transitions', 'all'], 'stage2.*, head'),
  }),
})
