import { z } from 'zod'
import { SplitName } from '../datasets/names'
import { family } from './family'
import { setting } from './setting'

const name = setting({
  label: 'Data set',
  says: 'Data set to train on, see normlab datasets',
  group: 'data',
  schema: z.string().min(1).max(200).default('shapes10'),
  option: { name: 'data', value: 'NAME', says: 'data set' },
})
const trainSplit = setting({
  label: 'Trained on',
  says: 'Split that the network is trained on, by its name',
  group: 'data',
  schema: SplitName.default('train'),
  option: { name: 'train-split', value: 'NAME', says: 'split to train on' },
})
const testSplit = setting({
  label: 'Tested on',
  says: 'Split that is tested on after an epoch: test, or validation where the test split is kept for the end',
  group: 'data',
  schema: SplitName.default('test'),
  option: { name: 'test-split', value: 'NAME', says: 'split to test on' },
})
const train = setting({
  label: 'Training images',
  says: 'Images of the split that it is trained on; for a procedural set as many as asked, else at most what is there',
  group: 'data',
  schema: z.number().int().min(1).max(1_000_000).optional(),
  absent: 'all',
  grows: 'twofold',
})
const test = setting({
  label: 'Test images',
  says: 'Images of the split that it is tested on',
  group: 'data',
  schema: z.number().int().min(1).max(1_000_000).optional(),
  absent: 'all',
  grows: 'twofold',
})

/** Which built-in or imported data set, which of its splits, and how much of them. */
export const data = family({ name, trainSplit, testSplit, train, test })
