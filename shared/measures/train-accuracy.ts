import { defineMeasure } from './measure'

export const trainAccuracy = defineMeasure({
  name: 'trainAccuracy',
  label: 'train accuracy',
  unit: 'mean of an epoch',
  over: 'run',
  form: 'share',
  scale: 'share',
  better: 'high',
  epoch: { how: 'mean of its steps', of: ({ record }) => record.trainAccuracy },
})
