import { meanDeviation } from '../norms/bound'
import { defineMeasure } from './measure'

/** The same over all units, transitions and stem too. */
export const deviationAll = defineMeasure({
  name: 'deviationAll',
  label: 'mean |r − 1|',
  unit: 'all units',
  over: 'all',
  form: 'number',
  scale: 'zero',
  better: 'low',
  isMain: true,
  chart: { with: 'deviation', line: 'all units' },
  step: { column: 'deviation_all', version: 1, precision: 'single', of: ({ ratios }) => meanDeviation(ratios.all) },
  epoch: { how: 'of its mean ratios', of: ({ ratios }) => meanDeviation(ratios.mean.all) },
})
