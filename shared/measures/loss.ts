import { defineMeasure } from './measure'

/** Mean cross-entropy of the minibatch in training mode. */
export const loss = defineMeasure({
  name: 'loss',
  label: 'training loss',
  unit: 'nats',
  over: 'run',
  form: 'number',
  scale: 'linear',
  better: 'low',
  chart: { title: 'Loss', line: 'train' },
  step: { column: 'loss', version: 1, precision: 'single', of: ({ record }) => record.loss },
})
