import { z } from 'zod'
import { family, finite } from './family'
import { type SettingReader, setting } from './setting'

const isOn = (of: SettingReader): boolean => of('training.earlyStop.measure') !== 'none'

export const earlyStop = family({
  measure: setting({
    label: 'Early stop by',
    says: 'Ends the run when this has not improved for so many epochs',
    group: 'measures',
    schema: z.enum(['none', 'test-loss', 'test-accuracy', 'train-loss']).default('none'),
    words: { none: 'Never', 'test-loss': 'Test loss', 'test-accuracy': 'Test accuracy', 'train-loss': 'Train loss' },
  }),
  patience: setting({
    label: 'Patience',
    says: 'Epochs without an improvement after which the run ends',
    unit: 'epochs',
    group: 'measures',
    schema: z.number().int().min(1).max(100_000).default(10),
    applies: isOn,
  }),
  least: setting({
    label: 'Least improvement',
    says: 'What counts as an improvement: more than this',
    group: 'measures',
    schema: finite.min(0).default(0),
    grows: 'logarithmic',
    applies: isOn,
  }),
})
