import { defineMeasure } from './measure'

/** Share of the minibatch classified right in training mode. */
export const accuracy = defineMeasure({
  name: 'accuracy',
  label: 'training accuracy',
  unit: 'share of the minibatch',
  over: 'run',
  form: 'share',
  scale: 'share',
  better: 'high',
  chart: { title: 'Accuracy', line: 'train' },
  step: { column: 'accuracy', version: 1, precision: 'single', of: ({ record }) => record.accuracy },
})
