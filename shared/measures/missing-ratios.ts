import { defineMeasure } from './measure'

/** Ratios that are no finite numbers: the gradient's norm lies beneath what single precision holds, say. */
export const missingRatios = defineMeasure({
  name: 'ratiosNotFinite',
  also: ['missing'],
  label: 'ratios that are not finite',
  unit: 'of all units',
  over: 'all',
  form: 'count',
  scale: 'zero',
  better: null,
  step: {
    column: 'missing',
    version: 1,
    precision: 'single',
    of: ({ record, ratios }) =>
      record.norms.length > 1 ? ratios.all.reduce((sum, r) => sum + (Number.isFinite(r) ? 0 : 1), 0) : NaN,
  },
  epoch: {
    how: 'sum over its steps',
    of: ({ record }) => record.ratios.notFinite?.reduce((sum, count) => sum + count, 0) ?? null,
  },
})
