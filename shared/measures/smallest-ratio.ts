import { finiteExtremes } from '../norms/ratio'
import { defineMeasure } from './measure'

/** Of those that are finite. */
export const smallestRatio = defineMeasure({
  name: 'smallestRatio',
  also: ['low'],
  label: 'smallest ratio',
  unit: '‖gₗ‖ ∕ ‖gₗ₊₁‖',
  over: 'all',
  form: 'number',
  scale: 'log',
  better: null,
  chart: { title: 'Smallest and largest ratio', line: 'smallest' },
  step: {
    column: 'low',
    version: 2,
    precision: 'single',
    of: ({ ratios }) => finiteExtremes(ratios.all)[0],
  },
  epoch: { how: 'least of its steps', of: ({ ratios }) => finiteExtremes(ratios.min.all)[0] },
})
