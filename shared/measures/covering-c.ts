import { smallestBoundConstant } from '../norms/bound'
import { defineMeasure } from './measure'

/** The smallest c whose bound 1 ± c·log(2L)/L covers the L residual blocks (arXiv 1805.07477, theorem 1). */
export const coveringC = defineMeasure({
  name: 'coveringC',
  label: 'covering c',
  unit: 'smallest c whose bound covers them',
  over: 'blocks',
  form: 'number',
  scale: 'zero',
  better: 'low',
  isMain: true,
  chart: { title: 'Covering c', line: 'blocks' },
  step: {
    column: 'covering_c',
    version: 2,
    precision: 'single',
    of: ({ ratios }) => smallestBoundConstant(ratios.blocks),
  },
  epoch: { how: 'of its mean ratios', of: ({ ratios }) => smallestBoundConstant(ratios.mean.blocks) },
})
