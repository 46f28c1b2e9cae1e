import { z } from 'zod'
import { setting } from './setting'

export const batch = setting({
  label: 'Batch',
  also: ['batch-size', 'batchSize', 'bs'],
  says: 'Images in a step',
  unit: 'images',
  group: 'length',
  schema: z.number().int().min(1).max(65_536).default(32),
  grows: 'twofold',
  option: { name: 'batch' },
})
