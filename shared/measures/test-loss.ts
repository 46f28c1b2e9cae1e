import { defineMeasure } from './measure'

/** Of the whole test split, with moving statistics. */
export const testLoss = defineMeasure({
  name: 'testLoss',
  label: 'test loss',
  unit: 'nats',
  over: 'run',
  isOfTests: true,
  form: 'number',
  scale: 'linear',
  better: 'low',
  chart: { with: 'loss', line: 'test' },
  epoch: { how: 'at its end', of: ({ record }) => record.testLoss },
  run: { moment: 'last tested epoch', of: ({ lastTested }) => lastTested?.record.testLoss ?? null },
})
