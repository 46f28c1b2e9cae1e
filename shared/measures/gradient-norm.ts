import { defineMeasure } from './measure'

/** Norm of the whole gradient, of all parameters at once. */
export const gradientNorm = defineMeasure({
  name: 'gradientNorm',
  label: 'gradient norm',
  unit: '‖dE∕dθ‖ before clipping',
  over: 'run',
  form: 'number',
  scale: 'zero',
  better: null,
  chart: { title: 'Gradient norm', line: 'norm' },
  step: { column: 'gradient_norm', version: 1, precision: 'double', of: ({ record }) => record.gradientNorm ?? NaN },
})
