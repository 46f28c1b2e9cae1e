import { defineMeasure } from './measure'

export const bestTestAccuracy = defineMeasure({
  name: 'bestTestAccuracy',
  also: ['bestTest'],
  label: 'best test accuracy',
  unit: '',
  over: 'run',
  isOfTests: true,
  form: 'share',
  scale: 'share',
  better: 'high',
  isMain: true,
  run: { moment: 'best epoch', of: (facts) => facts.bestTestAccuracy },
})
