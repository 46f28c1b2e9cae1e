import { defineMeasure } from './measure'

/** Of the test images that have no known copy in `train`, as the checks of the set were on record when they were tested. */
export const testAccuracyWithoutCopies = defineMeasure({
  name: 'testAccuracyWithoutCopies',
  label: 'test accuracy without copies',
  unit: '',
  over: 'run',
  isOfTests: true,
  form: 'share',
  scale: 'share',
  better: 'high',
  epoch: { how: 'at its end', of: ({ record }) => record.withoutCopies?.accuracy ?? null },
  run: { moment: 'last tested epoch', of: ({ lastTested }) => lastTested?.record.withoutCopies?.accuracy ?? null },
})
