import { z } from 'zod'
import { count, family } from './family'
import { setting } from './setting'

/** What is measured beside loss and accuracy, at every k-th step. */
export const measures = family({
  every: setting({
    label: 'Measure every',
    says: 'Steps between measurements of the norms; 1 for each step',
    unit: 'steps',
    group: 'measures',
    schema: z.number().int().min(1).max(1_000_000).default(1),
  }),
  activations: setting({
    label: 'Measure activations',
    says: 'Norms of the boundaries’ values on the way forward',
    group: 'measures',
    schema: z.boolean().default(false),
  }),
  weights: setting({
    label: 'Measure weights',
    says: 'Norms of each unit’s weights, and of its update over them',
    group: 'measures',
    schema: z.boolean().default(false),
  }),
  signal: setting({
    label: 'Signal every',
    says: 'Steps between looks at the signal on its way forward: mean square, variance and branch variance at the units’ boundaries; 0 for none',
    unit: 'steps',
    group: 'measures',
    schema: count.default(0),
  }),
})
