import { z } from 'zod'
import { SplitName } from './names'
import { defineStep, field } from './step'

const numbers = (label: string, says: string, value: z.ZodNumber) =>
  field({
    label,
    says,
    schema: z.array(value).min(1).max(4096).optional(),
    absent: 'measured',
    text: {
      read: (text) =>
        text
          .split(/[,;\s]+/)
          .filter(Boolean)
          .map(Number),
      write: (written) => (Array.isArray(written) ? written.join(', ') : ''),
      example: '0.4914, 0.4822, 0.4465',
    },
  })

/** What training takes off and divides by. */
export const standardise = defineStep({
  name: 'standardise',
  label: 'Mean and deviation',
  says: 'What training takes off each channel and divides it by: measured over a split, or given by hand',
  fields: {
    split: field({
      label: 'Measured over',
      says: 'Split whose pixels give mean and deviation',
      schema: SplitName.default('train'),
    }),
    mean: numbers('Mean', 'Of each channel, 0–1, by hand', z.number().min(0).max(1)),
    std: numbers('Deviation', 'Of each channel, 0–1, by hand', z.number().gt(0).max(1)),
  },
  tell: ({ split, mean, std }) =>
    mean && std
      ? `standardised with mean ${mean.join(', ')} and deviation ${std.join(', ')}`
      : `standardised with the mean and deviation of ${split}`,
})
