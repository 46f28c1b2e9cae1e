import { complement } from '../shares'
import { defineMeasure } from './measure'

export const bestTestError = defineMeasure({
  name: 'bestTestError',
  label: 'best test error',
  unit: '',
  over: 'run',
  isOfTests: true,
  form: 'share',
  scale: 'share',
  better: 'low',
  run: {
    moment: 'best epoch',
    of: ({ bestTestAccuracy }) => (bestTestAccuracy === null ? null : complement(bestTestAccuracy)),
  },
})
