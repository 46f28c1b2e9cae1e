import { z } from 'zod'
import { setting } from './setting'

/** Passes over the training split. */
export const epochs = setting({
  label: 'Epochs',
  says: 'Passes over the training images',
  group: 'length',
  schema: z.number().int().min(1).max(100_000).default(10),
  option: { name: 'epochs', usual: '10; with --steps alone, as many as they take' },
})

/** A limit in steps; the run ends at whichever comes first. */
export const steps = setting({
  label: 'Steps at most',
  also: ['max-steps', 'iterations'],
  says: 'The run ends at this step if its epochs have not ended before',
  group: 'length',
  schema: z.number().int().min(1).max(100_000_000).optional(),
  absent: 'no limit',
  option: { name: 'steps', says: 'end after so many steps' },
})
