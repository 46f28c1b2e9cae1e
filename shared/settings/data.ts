import { z } from 'zod'
import { family } from './family'
import { setting } from './setting'

const name = setting({
  label: 'Data set',
  says: 'Data set to train on, see normlab datasets',
  group: 'data',
  schema: z.string().min(1).max(200).default('shapes10'),
  option: { name: 'data', value: 'NAME', says: 'data set' },
})
const train = setting({
  label: 'Training images',
  says: 'Images of the training split; for a procedural set as many as asked, else at most what is there',
  group: 'data',
  schema: z.number().int().min(1).max(1_000_000).optional(),
  absent: 'all',
  grows: 'twofold',
})
const test = setting({
  label: 'Test images',
  says: 'Images of the test split',
  group: 'data',
  schema: z.number().int().min(1).max(1_000_000).optional(),
  absent: 'all',
  grows: 'twofold',
})

/** Which built-in or imported data set, and how much of it. */
export const data = family({ name, train, test })
