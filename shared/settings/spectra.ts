import { z } from 'zod'
import { count, family, finite, Pattern } from './family'
import { layersText } from './layers-text'
import { type Setting, setting } from './setting'

const common = { group: 'measures', fullPathOnly: true } as const
const applies: Setting['applies'] = (of) => Number(of('training.spectra.every')) > 0 || Number(of('training.spectra.epochs')) > 0

/** Singular values of layers while the run trains, worked out beside it. They change nothing of its numbers. */
export const spectra = family({
  every: setting({
    ...{ ...common, label: 'Spectra every', unit: 'steps' },
    says: 'Steps between looks at the layers’ singular values; 0 for none but the epochs’',
    schema: count.default(0),
  }),
  epochs: setting({
    ...{ ...common, label: 'Spectra at epochs', unit: 'epochs' },
    says: 'Epochs between looks at the layers’ singular values; 0 for none but the steps’',
    schema: count.default(0),
  }),
  layers: setting({
    ...{ ...common, applies, label: 'Spectra of' },
    says: 'Convolutions and dense layers that are looked at: all, those of stem and transitions, or those whose names fit a pattern',
    schema: z.union([z.enum(['transitions', 'all']), z.array(Pattern).min(1).max(1000)]).default('all'),
    words: { transitions: 'Transitions, stem', all: 'All layers' },
    text: layersText(['transitions', 'all'], 'stage2.*, head'),
  }),
  share: setting({
    ...{ ...common, applies, label: 'Spectra’s share of a processor' },
    says: 'The greatest share of one processor’s time that spectra may take, 0–1, and so of the time by which a step on the CPU grows',
    schema: finite.min(0.001).max(1).default(0.1),
  }),
  delta: setting({
    ...{ ...common, applies, label: 'Spectra near 1' },
    says: 'Half of the interval around 1 within which singular values are counted',
    schema: finite.min(0).max(1e6).default(0.1),
  }),
})
