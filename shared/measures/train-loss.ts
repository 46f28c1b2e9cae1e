import { defineMeasure } from './measure'

export const trainLoss = defineMeasure({
  name: 'trainLoss',
  label: 'train loss',
  unit: 'nats, mean of an epoch',
  over: 'run',
  form: 'number',
  scale: 'linear',
  better: 'low',
  isMain: true,
  epoch: { how: 'mean of its steps', of: ({ record }) => record.trainLoss },
})
