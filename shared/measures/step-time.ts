import { defineMeasure } from './measure'

export const stepTime = defineMeasure({
  name: 'stepMs',
  label: 'time a step',
  unit: 'ms',
  over: 'run',
  form: 'number',
  scale: 'zero',
  better: null,
  run: { moment: 'median of the last steps', of: ({ stepMs }) => stepMs },
})
