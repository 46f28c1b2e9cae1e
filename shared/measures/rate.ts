import { defineMeasure } from './measure'

/** The learning rate of a step's update. */
export const rate = defineMeasure({
  name: 'rate',
  label: 'learning rate',
  unit: '',
  over: 'run',
  form: 'number',
  scale: 'zero',
  better: null,
  isExact: true,
  chart: { title: 'Learning rate', line: 'rate' },
  step: { column: 'rate', version: 1, precision: 'double', of: ({ record }) => record.rate },
})
