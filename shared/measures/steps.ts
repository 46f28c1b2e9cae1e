import { defineMeasure } from './measure'

export const steps = defineMeasure({
  name: 'steps',
  label: 'steps',
  unit: '',
  over: 'run',
  form: 'count',
  scale: 'linear',
  better: null,
  run: { moment: 'whole run', of: (facts) => facts.steps },
})
