import { defineMeasure } from './measure'

/** Share of a step's time that went by waiting for its batch. */
export const waited = defineMeasure({
  name: 'waited',
  label: 'waited for data',
  unit: 'share of the step’s time',
  over: 'run',
  form: 'share',
  scale: 'share',
  better: null,
  chart: { title: 'Waited for data', line: 'share' },
  step: {
    column: 'waited_share',
    version: 1,
    precision: 'single',
    of: ({ record: { waitedMs = NaN, ms } }) => (ms > 0 ? waitedMs / ms : NaN),
  },
  run: { moment: 'last steps', of: (facts) => facts.waited },
})
