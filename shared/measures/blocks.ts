import { defineMeasure } from './measure'

/** L of the bound. */
export const blocks = defineMeasure({
  name: 'blocks',
  label: 'blocks',
  unit: '',
  over: 'run',
  form: 'count',
  scale: 'linear',
  better: null,
  run: { moment: 'whole run', of: ({ sets }) => sets.blocks.count },
})
