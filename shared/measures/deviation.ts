import { meanDeviation } from '../norms/bound'
import { defineMeasure } from './measure'

/** How far the blocks’ ratios lie from 1 on average. */
export const deviation = defineMeasure({
  name: 'deviation',
  label: 'mean |r − 1|',
  unit: 'blocks',
  over: 'blocks',
  form: 'number',
  scale: 'zero',
  better: 'low',
  isMain: true,
  chart: { title: 'Mean |r − 1|', line: 'blocks' },
  step: { column: 'deviation', version: 2, precision: 'single', of: ({ ratios }) => meanDeviation(ratios.blocks) },
  epoch: { how: 'of its mean ratios', of: ({ ratios }) => meanDeviation(ratios.mean.blocks) },
})
