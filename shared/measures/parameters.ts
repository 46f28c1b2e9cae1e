import { defineMeasure } from './measure'

export const parameters = defineMeasure({
  name: 'parameters',
  label: 'parameters',
  unit: '',
  over: 'run',
  form: 'count',
  scale: 'linear',
  better: null,
  run: { moment: 'whole run', of: (facts) => facts.parameters },
})
