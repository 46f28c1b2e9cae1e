import { chainRatio as ratioOfEnds } from '../norms/ratio'
import { defineMeasure } from './measure'

/** What the whole chain of units makes of the gradient's norm: the product of all ratios. */
export const chainRatio = defineMeasure({
  name: 'chainRatio',
  also: ['chain'],
  label: 'chain ratio',
  unit: '‖g₁‖ ∕ ‖g_L₊₁‖',
  over: 'all',
  form: 'number',
  scale: 'log',
  better: 'near one',
  isMain: true,
  chart: { title: 'Chain ratio', line: 'chain ratio' },
  // A quotient of two numbers of single precision can lie outside of it.
  step: { column: 'chain', version: 1, precision: 'double', of: ({ record }) => ratioOfEnds(record.norms) },
})
