import { z } from 'zod'
import { count, family } from './family'
import { setting } from './setting'

export const checkpoint = family({
  every: setting({
    label: 'Save every',
    says: 'Steps between checkpoints; 0 for none but the epochs’',
    unit: 'steps',
    group: 'checkpoints',
    schema: count.default(0),
  }),
  epochs: setting({
    label: 'Save at epochs',
    says: 'Epochs between checkpoints; 0 for none but the steps’',
    unit: 'epochs',
    group: 'checkpoints',
    schema: count.default(1),
  }),
  keep: setting({
    label: 'Checkpoints kept',
    says: 'The last so many are kept',
    group: 'checkpoints',
    schema: z.number().int().min(1).max(1000).default(2),
  }),
  best: setting({
    label: 'Keep the best',
    says: 'Keeps the checkpoint with the best test accuracy beside the last ones',
    group: 'checkpoints',
    schema: z.boolean().default(true),
  }),
})
