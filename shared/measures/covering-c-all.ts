import { smallestBoundConstant } from '../norms/bound'
import { defineMeasure } from './measure'

/** The same for all L units; the theorem is about residual blocks, so this is a measure and no bound. */
export const coveringCAll = defineMeasure({
  name: 'coveringCAll',
  label: 'covering c',
  unit: 'smallest c that would cover them',
  over: 'all',
  form: 'number',
  scale: 'zero',
  better: 'low',
  isMain: true,
  chart: { with: 'coveringC', line: 'all units' },
  step: {
    column: 'covering_c_all',
    version: 1,
    precision: 'single',
    of: ({ ratios }) => smallestBoundConstant(ratios.all),
  },
  epoch: { how: 'of its mean ratios', of: ({ ratios }) => smallestBoundConstant(ratios.mean.all) },
})
