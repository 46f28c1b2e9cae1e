import { z } from 'zod'
import { finite, share } from './family'
import { type SettingReader, setting } from './setting'

const isAdam = (of: SettingReader): boolean => of('training.optimiser') !== 'sgd'
const isSgd = (of: SettingReader): boolean => of('training.optimiser') === 'sgd'

export const optimiser = setting({
  label: 'Optimiser',
  says: 'Stochastic gradient descent with momentum, Adam, or AdamW, whose weight decay is apart from the gradient',
  group: 'optimiser',
  schema: z.enum(['sgd', 'adam', 'adamw']).default('sgd'),
  words: { sgd: 'SGD', adam: 'Adam', adamw: 'AdamW' },
  option: {
    name: 'optimizer',
    value: 'sgd|nesterov|adam|adamw',
    says: 'SGD with momentum, or Nesterov’s; Adam; AdamW',
    read: (word) => ({
      'training.optimiser': word === 'nesterov' ? 'sgd' : word,
      'training.nesterov': word === 'nesterov',
    }),
    write: (of) => (of('training.nesterov') === true && isSgd(of) ? 'nesterov' : String(of('training.optimiser'))),
  },
})

/** Learning rate: of the first step, or where there is a warm-up or one cycle, the highest. */
export const rate = setting({
  label: 'Rate',
  also: ['lr', 'learning-rate'],
  says: 'Learning rate: of the first step, or where there is a warm-up or one cycle, the highest',
  group: 'optimiser',
  schema: finite.min(0).max(1e6).default(0.1),
  grows: 'logarithmic',
  option: { name: 'rate', value: 'R', says: 'learning rate' },
})

export const momentum = setting({
  label: 'Momentum',
  says: 'Share of the last update that is kept',
  group: 'optimiser',
  schema: share.default(0.9),
  applies: isSgd,
  option: { name: 'momentum', value: 'M' },
})

export const nesterov = setting({
  label: 'Nesterov',
  says: 'Takes the gradient where the momentum leads to',
  group: 'optimiser',
  schema: z.boolean().default(false),
  applies: isSgd,
})

/** Decay rates of Adam's moments, and what is added to the root of the second (Kingma and Ba 2015). */
export const beta1 = setting({
  label: 'β₁',
  says: 'Share of Adam’s mean gradient that a step keeps',
  group: 'optimiser',
  schema: share.default(0.9),
  applies: isAdam,
})
export const beta2 = setting({
  label: 'β₂',
  says: 'Share of Adam’s mean squared gradient that a step keeps',
  group: 'optimiser',
  schema: share.default(0.999),
  applies: isAdam,
})
export const epsilon = setting({
  label: 'ε',
  says: 'What Adam adds to the root of the mean squared gradient',
  group: 'optimiser',
  schema: finite.min(0).max(1).default(1e-8),
  grows: 'logarithmic',
  applies: isAdam,
})
