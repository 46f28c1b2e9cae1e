import { defineMeasure } from './measure'

/** Wall time of a step. */
export const milliseconds = defineMeasure({
  name: 'ms',
  label: 'time of a step',
  unit: 'ms',
  over: 'run',
  form: 'number',
  scale: 'zero',
  better: null,
  chart: { title: 'Time a step', line: 'time' },
  step: { column: 'ms', version: 1, precision: 'double', of: ({ record }) => record.ms },
})
