import path from 'node:path'
import type { RunDetail } from '../../shared/api'
import { presetOf } from '../../shared/architecture'
import { Initialiser } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { type Recipe, recipes } from '../../shared/recipes'
import type { Parsed } from './arguments'
import type { Command, Context, Output } from './command'
import { followToEnd } from './follow-to-end'
import { anyNetwork, netArgument } from './network-choice'
import { type Settings, applySetting, parseAugmentation, parseSchedule } from './settings'

export const train: Command = {
  words: 'train',
  description: 'trains a network and measures the gradient’s norm at every boundary of every step',
  arguments: [netArgument],
  options: [
    { name: 'data', value: 'NAME', description: 'data set (shapes10)' },
    {
      name: 'epochs',
      value: 'N',
      description: 'passes over the training images (10; where --steps is given, as many as that takes)',
    },
    { name: 'steps', value: 'N', description: 'end after so many steps' },
    { name: 'batch', value: 'N', description: 'images a step (32)' },
    { name: 'rate', value: 'R', description: 'learning rate (0.1)' },
    {
      name: 'schedule',
      value: 'EPOCHS[*FACTOR]|cosine|one-cycle',
      description: 'multiply the rate by 0.1, or FACTOR, after these epochs: 150,225; or another course of it',
    },
    { name: 'warmup', value: 'EPOCHS', description: 'let the rate rise in a straight line before (0)' },
    { name: 'optimizer', value: 'sgd|nesterov|adam|adamw', description: 'SGD with momentum, or Nesterov’s; Adam; AdamW (sgd)' },
    { name: 'momentum', value: 'M', description: 'momentum (0.9)' },
    { name: 'weight-decay', value: 'D', description: 'weight decay (1e-4)' },
    { name: 'clip-norm', value: 'N', description: 'greatest norm of the whole gradient (no limit)' },
    { name: 'label-smoothing', value: 'S', description: 'share of a label that is spread over all classes (0)' },
    { name: 'augment', value: 'flip,crop4,reflect', description: 'mirror, crop after padding with zeros or reflections (none)' },
    { name: 'init', value: Initialiser.options.join('|'), description: 'initialisation (he-fan-in)' },
    { name: 'weights', value: 'FILE', description: 'safetensors to begin with instead of initial values; see normlab weights' },
    {
      name: 'project',
      value: 'transitions|all|none',
      description: 'norm-preserving projection of the stem’s and the transitions’ convolutions, or of all (none)',
    },
    { name: 'project-method', value: 'svd|newton-schulz', description: 'how the projection is computed (svd)' },
    { name: 'project-probability', value: 'P', description: 'chance of a projection after each step (1)' },
    { name: 'whiten', description: 'whiten the fully-connected kernel before each forward pass' },
    {
      name: 'recipe',
      value: 'NAME',
      description: 'published settings, which all others given here override; see normlab recipes',
    },
    { name: 'seed', value: 'N', description: 'seed of initialisation, order and augmentation (1)' },
    { name: 'threads', value: 'N', description: 'CPU threads (all)' },
    { name: 'name', value: 'TEXT', description: 'the run’s name' },
    {
      name: 'set',
      value: 'KEY=VALUE',
      description: 'any setting by its path: training.momentum=0.95, data.train=5000',
      many: true,
    },
  ],
  examples: [
    'normlab train proc-resnet:blocks=3 --data shapes10 --steps 200 --project transitions',
    'normlab train proc-resnet-v1-164 --recipe proc-resnet-v1 --epochs 100',
    'normlab train net.json --data digits --set data.train=1000 --json',
  ],
  run: trainNetwork,
}

async function trainNetwork({ words, output, json, lab: open }: Context): Promise<number> {
  const settings = readSettings(words)
  const network = await anyNetwork(open, words.argument('NET'))
  const lab = open()
  const weights = words.text('weights')
  const from = weights === undefined ? {} : { weights: { file: path.resolve(weights) } }
  const run = await lab.request('runs.start', { ...settings, network, ...from })
  if (!json) tellRepairs(run, output)
  return followToEnd(lab, run, output, json)
}

/** A repair that the preset was published with, and that was not asked for here, is said: it is the point of such a preset. */
function tellRepairs({ preset: words, configuration }: RunDetail, output: Output): void {
  if (words === null) return
  const { title, recommended } = presetOf(words)
  const { projection, whitening } = configuration.training
  if (recommended.projection === 'transitions' && projection.layers === 'none')
    output.say(`${title} is meant to be projected, and this run is not; --project transitions does it\n`)
  if (recommended.whitening && whitening.layers === 'none')
    output.say(`${title} is meant to have its dense layer whitened, and this run does not; --whiten does it\n`)
}

/** @throws UserError for a value that is not of its kind; ranges are the lab's to check. */
export function readSettings(words: Parsed): Settings {
  const steps = words.whole('steps', 1)
  // Steps alone mean that many, however many epochs they take.
  const epochs = words.whole('epochs', 1) ?? (steps === undefined ? undefined : 100_000)
  const schedule = words.text('schedule')
  const optimizer = words.text('optimizer')
  const augment = words.text('augment')
  const settings: Settings = {
    ...present({ name: words.text('name'), seed: words.whole('seed') }),
    data: present({ name: words.text('data') }),
    training: {
      ...present({
        epochs,
        steps,
        batch: words.whole('batch', 1),
        rate: words.number('rate'),
        momentum: words.number('momentum'),
        optimiser: optimizer === 'nesterov' ? 'sgd' : (optimizer as 'sgd' | 'adam' | 'adamw' | undefined),
        nesterov: optimizer === undefined ? undefined : optimizer === 'nesterov',
        warmup: words.number('warmup'),
        clipNorm: words.number('clip-norm'),
        labelSmoothing: words.number('label-smoothing'),
        augmentation: augment === undefined ? undefined : parseAugmentation(augment),
        weightDecay: words.number('weight-decay'),
        init: words.text('init') as Initialiser | undefined,
        whitening: words.flag('whiten') ? true : undefined,
        threads: words.whole('threads', 1),
      }),
      ...(schedule !== undefined && parseSchedule(schedule)),
      projection: present({
        layers: words.text('project') as 'transitions' | 'all' | 'none' | undefined,
        method: words.text('project-method') as 'svd' | 'newton-schulz' | undefined,
        probability: words.number('project-probability'),
      }),
    },
  }
  for (const assignment of words.all('set')) applySetting(settings, assignment)
  const recipe = words.text('recipe')
  return recipe === undefined ? settings : { ...settings, training: over(findRecipe(recipe).training, settings.training ?? {}) }
}

/** @throws UserError where there is none of that name. */
function findRecipe(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name)
  if (found) return found
  throw new UserError(`there is no recipe "${name}"`, {
    place: '--recipe',
    remedy: `use ${recipes.map((recipe) => recipe.name).join(', ')}`,
  })
}

/** The first with the second's fields in place of its own, settings within settings too. */
function over<T extends object>(first: T, second: T): T {
  const result = { ...first } as Record<string, unknown>
  for (const [key, value] of Object.entries(second)) {
    const before = result[key]
    const bothHold = isPlain(before) && isPlain(value)
    result[key] = bothHold ? over(before, value) : value
  }
  return result as T
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without the fields that are undefined. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
