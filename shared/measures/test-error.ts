import { complement } from '../shares'
import { defineMeasure } from './measure'
import { testAccuracy } from './test-accuracy'

export const testError = defineMeasure({
  name: 'testError',
  label: 'test error',
  unit: '',
  over: 'run',
  isOfTests: true,
  form: 'share',
  scale: 'share',
  better: 'low',
  run: {
    moment: testAccuracy.run.moment,
    of(facts) {
      const right = testAccuracy.run.of(facts)
      return right === null ? null : complement(right)
    },
  },
})
