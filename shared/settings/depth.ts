import { z } from 'zod'
import { family, share } from './family'
import { setting } from './setting'

/** Rates that follow the number of blocks, for branches that are multiplied by (L/base)^−α; `architecture/depth-scaling.ts` has what follows. */
export const depth = family({
  alpha: setting({
    label: 'Depth’s exponent',
    says: 'Rates inside residual branches, and Adam’s ε, for branches times (blocks/base)^−α: 1 of CompleteP, 0.5 of depth-µP; 0 leaves them as they are',
    also: ['completep', 'depth-mup'],
    group: 'optimiser',
    schema: share.default(0),
  }),
  base: setting({
    label: 'Depth’s base',
    says: 'Blocks of the network whose rate is the run’s everywhere',
    unit: 'blocks',
    group: 'optimiser',
    schema: z.number().int().min(1).max(1_000_000).default(1),
    applies: (of) => Number(of('training.depth.alpha')) > 0,
    awaits: 'training.depth.alpha',
  }),
})
