import { z } from 'zod'
import { family, share } from './family'
import { reads } from './optimiser'
import { setting } from './setting'

const common = { group: 'optimiser', applies: reads('muon'), fullPathOnly: true } as const

/** How Muon (Jordan and others 2024) steps. */
export const muon = family({
  method: setting({
    ...common,
    label: 'Muon’s isometry',
    says: 'How the nearest isometry is found: five steps of the published quintic, six of Polar Express, by the singular value decomposition, or of the convolution’s whole operator at its size',
    schema: z.enum(['quintic', 'polar-express', 'svd', 'operator']).default('quintic'),
    words: { quintic: 'Quintic', 'polar-express': 'Polar Express', svd: 'SVD', operator: 'Operator' },
  }),
  momentum: setting({
    ...common,
    label: 'Muon’s momentum',
    says: 'Share of Muon’s mean gradient that a step keeps',
    schema: share.default(0.95),
  }),
  scale: setting({
    ...common,
    label: 'Muon’s scale',
    says: 'What the isometry is scaled by: to the root mean square of AdamW’s updates, so that one rate suits both, or by √(out/in) where that is above 1, as it was published',
    schema: z.enum(['rms', 'original']).default('rms'),
    words: { rms: 'Like AdamW’s', original: 'As published' },
  }),
})
