import { z } from 'zod'
import {
  OPTIMISER_NAMES,
  type OptimiserDefinition,
  type OptimiserName,
  type OptimiserSettings,
  optimisers,
  withOthers,
} from '../optimisers'
import { finite, share } from './family'
import { type SettingReader, setting } from './setting'

/** Optimisers that a run's parameters may have. */
function taken(of: SettingReader): readonly OptimiserDefinition[] {
  const groups = of('training.groups')
  const named = Array.isArray(groups) ? groups.flatMap(({ optimiser: name }: { optimiser?: OptimiserName }) => name ?? []) : []
  const own = OPTIMISER_NAMES.find((name) => name === of('training.optimiser'))
  return [...(own ? [own] : []), ...named].flatMap(withOthers)
}

/** Whether any of them reads a setting. */
export const reads =
  (name: keyof OptimiserSettings) =>
  (of: SettingReader): boolean =>
    taken(of).some(({ settings }) => settings.includes(name))

export const optimiser = setting({
  label: 'Optimiser',
  says: OPTIMISER_NAMES.map((name) => optimisers[name].says).join('; '),
  group: 'optimiser',
  schema: z.enum(OPTIMISER_NAMES).default('sgd'),
  words: Object.fromEntries(OPTIMISER_NAMES.map((name) => [name, optimisers[name].label])),
  option: {
    name: 'optimizer',
    value: ['sgd', 'nesterov', ...OPTIMISER_NAMES.filter((name) => name !== 'sgd')].join('|'),
    read: (word) => ({
      'training.optimiser': word === 'nesterov' ? 'sgd' : word,
      // Of another than SGD nothing is said, as nobody set it.
      ...((word === 'sgd' || word === 'nesterov') && { 'training.nesterov': word === 'nesterov' }),
    }),
    write: (of) =>
      of('training.nesterov') === true && of('training.optimiser') === 'sgd' ? 'nesterov' : String(of('training.optimiser')),
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
  applies: reads('momentum'),
  option: { name: 'momentum', value: 'M' },
})

export const nesterov = setting({
  label: 'Nesterov',
  says: 'Takes the gradient where the momentum leads to',
  group: 'optimiser',
  schema: z.boolean().default(false),
  applies: reads('nesterov'),
})

/** Decay rates of Adam's moments, and what is added to the root of the second (Kingma and Ba 2015). */
export const beta1 = setting({
  label: 'β₁',
  says: 'Share of Adam’s mean gradient that a step keeps',
  group: 'optimiser',
  schema: share.default(0.9),
  applies: reads('beta1'),
})
export const beta2 = setting({
  label: 'β₂',
  says: 'Share of Adam’s mean squared gradient that a step keeps',
  group: 'optimiser',
  schema: share.default(0.999),
  applies: reads('beta2'),
})
export const epsilon = setting({
  label: 'ε',
  says: 'What Adam adds to the root of the mean squared gradient',
  group: 'optimiser',
  schema: finite.min(0).max(1).default(1e-8),
  grows: 'logarithmic',
  applies: reads('epsilon'),
})
