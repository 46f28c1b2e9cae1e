import { defineMeasure } from './measure'

export const unitCount = defineMeasure({
  name: 'units',
  label: 'units',
  unit: 'between two boundaries',
  over: 'run',
  form: 'count',
  scale: 'linear',
  better: null,
  run: { moment: 'whole run', of: ({ sets }) => sets.all.count },
})
