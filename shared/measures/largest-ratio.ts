import { finiteExtremes } from '../norms/ratio'
import { defineMeasure } from './measure'

/** Of those that are finite. */
export const largestRatio = defineMeasure({
  name: 'largestRatio',
  also: ['high'],
  label: 'largest ratio',
  unit: '‖gₗ‖ ∕ ‖gₗ₊₁‖',
  over: 'all',
  form: 'number',
  scale: 'log',
  better: null,
  chart: { with: 'smallestRatio', line: 'largest' },
  step: {
    column: 'high',
    version: 2,
    precision: 'single',
    of: ({ ratios }) => finiteExtremes(ratios.all)[1],
  },
  epoch: { how: 'greatest of its steps', of: ({ ratios }) => finiteExtremes(ratios.max.all)[1] },
})
