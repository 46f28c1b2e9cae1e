import { z } from 'zod'
import { family, Pattern, repairTimes } from './family'
import { layersText } from './layers-text'
import { setting } from './setting'

/** The stem's and the transitions' convolutions, all convolutions, or those whose names fit one of the patterns. */
const layers = setting({
  label: 'Projection',
  says: 'Convolutions that are made norm-preserving: those of stem and transitions, all, or those whose names fit a pattern',
  group: 'repairs',
  schema: z.union([z.enum(['none', 'transitions', 'all']), z.array(Pattern).min(1).max(1000)]).default('none'),
  words: { none: 'None', transitions: 'Transitions, stem', all: 'All convolutions' },
  text: layersText(['none', 'transitions', 'all'], 'stage2.*, transition1.*'),
  option: {
    name: 'project',
    value: 'transitions|all|none',
    says: 'norm-preserving projection of the stem’s and the transitions’ convolutions, or of all',
    read: (word) => ({ 'training.projection.layers': word }),
    write: (of) => (Array.isArray(of('training.projection.layers')) ? undefined : String(of('training.projection.layers'))),
  },
})

const method = setting({
  label: 'Method',
  says: 'How the projection is computed: exactly, by singular values, or by Newton–Schulz steps',
  group: 'repairs',
  schema: z.enum(['svd', 'newton-schulz']).default('svd'),
  words: { svd: 'Exact (SVD)', 'newton-schulz': 'Newton–Schulz' },
  applies: (of) => of('training.projection.layers') !== 'none',
  option: { name: 'project-method', says: 'how the projection is computed' },
})

export const projection = family({
  layers,
  method,
  ...repairTimes({ what: 'Projection', path: 'training.projection.layers', group: 'repairs' }),
})
