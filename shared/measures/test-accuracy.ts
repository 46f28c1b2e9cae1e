import { defineMeasure } from './measure'

/** Of the whole test split, with moving statistics. */
export const testAccuracy = defineMeasure({
  name: 'testAccuracy',
  also: ['test'],
  label: 'test accuracy',
  unit: '',
  over: 'run',
  isOfTests: true,
  form: 'share',
  scale: 'share',
  better: 'high',
  isMain: true,
  chart: { with: 'accuracy', line: 'test' },
  epoch: { how: 'at its end', of: ({ record }) => record.testAccuracy },
  run: { moment: 'last tested epoch', of: ({ lastTested }) => lastTested?.record.testAccuracy ?? null },
})
