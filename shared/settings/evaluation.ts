import { count, family } from './family'
import { setting } from './setting'

export const evaluation = family({
  every: setting({
    label: 'Evaluate every',
    says: 'Epochs between evaluations on the test split; the last epoch is always evaluated, 0 for that alone',
    unit: 'epochs',
    group: 'measures',
    schema: count.default(1),
  }),
})
