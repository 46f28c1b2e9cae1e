import { z } from 'zod'
import { count, family } from './family'
import { setting } from './setting'

export const evaluation = family({
  every: setting({
    label: 'Evaluate every',
    says: 'Epochs between evaluations on the test split; 0 for none before the end',
    unit: 'epochs',
    group: 'measures',
    schema: count.default(1),
  }),
  last: setting({
    label: 'Evaluate at the end',
    says: 'One evaluation on the test split when the last step is done',
    group: 'measures',
    schema: z.boolean().default(true),
    option: {
      name: 'no-test',
      value: null,
      says: 'never evaluate on the test split',
      usual: '',
      read: () => ({ 'training.evaluation.every': 0, 'training.evaluation.last': false }),
      write: (of) => (of('training.evaluation.every') === 0 && of('training.evaluation.last') === false ? '' : undefined),
    },
  }),
})
