import { readFileSync } from 'node:fs'
import type { DatasetDetail, PreparationPlan } from '../../shared/api'
import { cutText } from '../../shared/cut-text'
import { PreparationStep, RecipeFile } from '../../shared/datasets/preparation'
import { readIndices } from '../../shared/datasets/selection'
import { readFractions } from '../../shared/datasets/split'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import type { Option, Parsed } from './arguments'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'
import { table } from '../text/format'

const options: readonly Option[] = [
  { name: 'name', value: 'NAME', description: 'what to call the new set', required: true },
  { name: 'leave-out', value: 'IMAGES', description: 'images of the source by split and place: train/17,test/3' },
  { name: 'classes', value: 'A,B', description: 'keeps these classes' },
  { name: 'split', value: 'NAME=SHARE,…', description: 'divides train anew: train=0.8,validation=0.1,test=0.1' },
  { name: 'split-of', value: 'NAMES', description: 'divides these splits, pooled, in place of train' },
  { name: 'not-stratified', description: 'each image falls into a split by itself, not class by class' },
  { name: 'cap', value: 'N', description: 'at most N images of each class in each split' },
  { name: 'cap-all', value: 'N', description: 'at most N images in each split' },
  {
    name: 'imbalance',
    value: 'RATIO',
    description: 'a long tail in train: the first class has RATIO times the images of the last',
  },
  { name: 'label-noise', value: 'SHARE', description: 'exchanges labels of train with this chance' },
  { name: 'crop', value: 'HxW', description: 'cuts the middle out' },
  { name: 'resize', value: 'HxW', description: 'scales the images' },
  { name: 'method', value: 'area|bilinear', description: 'how they are scaled (area)' },
  { name: 'pad', value: 'HxW', description: 'puts a black margin around them' },
  { name: 'grey', description: 'makes them grey' },
  { name: 'colour', description: 'gives grey images three channels', also: ['color'] },
  { name: 'mean', value: 'M,M,M', description: 'mean of each channel, 0–1, that training takes off' },
  { name: 'std', value: 'S,S,S', description: 'deviation of each channel, 0–1, that it divides by' },
  {
    name: 'standardise',
    value: 'SPLIT',
    description: 'mean and deviation of this split, whatever a run is trained on',
    also: ['standardize'],
  },
  { name: 'seed', value: 'N', description: 'of all that is drawn (1)' },
  {
    name: 'recipe',
    value: 'FILE',
    description: 'the steps of a JSON file, in place of options: {"steps": [{"step": "resize", …}]}',
  },
  { name: 'plan', description: 'tells what it would come to, step by step, and makes nothing' },
]

/** The steps of a set's recipe, of a file or of options; those of options in the order of the list above. */
function stepsOf(words: Parsed): PreparationStep[] {
  const file = words.text('recipe')
  const asked = askedSteps(words)
  if (file !== undefined) {
    if (asked.length > 0)
      throw new UserError('steps were given as options too', { place: '--recipe', remedy: 'write all of them into the file' })
    return readRecipe(file)
  }
  if (asked.length === 0)
    throw new UserError('there is no step', {
      place: 'datasets prepare',
      remedy: 'give one, as in --resize 32x32, or --recipe FILE',
    })
  return asked.map(({ option, step }) => {
    const checked = PreparationStep.safeParse(step)
    if (checked.success) return checked.data
    const { message } = complaintOf(checked.error)
    throw new UserError(message, { place: `--${option}` })
  })
}

interface AskedStep {
  readonly option: string
  readonly step: Readonly<Record<string, unknown>>
}

function askedSteps(words: Parsed): AskedStep[] {
  const seed = words.text('seed')
  const seeded = seed !== undefined && { seed: numberOf('seed', seed) }
  const steps: AskedStep[] = []
  const add = (option: string, make: (text: string) => Readonly<Record<string, unknown>>): void => {
    const text = words.text(option)
    if (text === undefined) return
    steps.push({ option, step: make(text) })
  }
  add('leave-out', (text) => ({ step: 'leave-out', images: told('leave-out', () => readIndices(text)) }))
  add('classes', (text) => ({ step: 'classes', classes: list(text) }))
  add('split', (text) => {
    const of = words.text('split-of')
    return {
      ...{ step: 'split', into: told('split', () => readFractions(text)), ...seeded },
      ...(of !== undefined && { of: list(of) }),
      ...(words.flag('not-stratified') && { stratified: false }),
    }
  })
  add('cap', (text) => ({ step: 'cap', images: numberOf('cap', text), per: 'class', ...seeded }))
  add('cap-all', (text) => ({ step: 'cap', images: numberOf('cap-all', text), per: 'split', ...seeded }))
  add('imbalance', (text) => ({ step: 'imbalance', ratio: numberOf('imbalance', text), ...seeded }))
  add('label-noise', (text) => ({ step: 'label-noise', share: numberOf('label-noise', text), ...seeded }))
  add('crop', (text) => ({ step: 'crop', ...sizeOf('crop', text) }))
  add('resize', (text) => {
    const method = words.text('method')
    return { step: 'resize', ...sizeOf('resize', text), ...(method !== undefined && { method }) }
  })
  add('pad', (text) => ({ step: 'pad', ...sizeOf('pad', text) }))
  for (const channels of ['grey', 'colour'] as const)
    if (words.flag(channels)) steps.push({ option: channels, step: { step: 'channels', channels } })
  const mean = words.text('mean')
  const std = words.text('std')
  if (mean !== undefined || std !== undefined) {
    const by = (option: string, text: string | undefined): number[] | undefined =>
      text === undefined ? undefined : list(text).map((part) => numberOf(option, part))
    steps.push({ option: 'mean', step: { step: 'standardise', mean: by('mean', mean), std: by('std', std) } })
  }
  add('standardise', (text) => ({ step: 'standardise', split: text }))
  return steps
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

function told<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UserError(`it takes ${(error as Error).message}`, { place: `--${option}` })
  }
}

function numberOf(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new UserError(`"${cutText(text)}" is not a number`, { place: `--${option}` })
}

function sizeOf(option: string, text: string): { height: number; width: number } {
  const size = /^(\d{1,5})[x×](\d{1,5})$/.exec(text.trim())
  if (size) return { height: Number(size[1]), width: Number(size[2]) }
  throw new UserError(`"${cutText(text)}" is no size`, { place: `--${option}`, remedy: 'write height and width like 32x32' })
}

/** @throws UserError where the file cannot be read or is no recipe. */
function readRecipe(file: string): PreparationStep[] {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(code === undefined ? 'this is not JSON' : `it cannot be read (${code})`, { place: file })
  }
  const recipe = RecipeFile.safeParse(content)
  if (recipe.success) return recipe.data.steps
  const { path, message } = complaintOf(recipe.error)
  throw new UserError(message, { place: path.length > 0 ? `${file}: ${path.join('.')}` : file })
}

function planText({ stages }: PreparationPlan): string {
  const rows = stages.map(({ says, shape, classes, splits }, step) => [
    step === 0 ? '' : String(step),
    says,
    shape.join('×'),
    String(classes.length),
    splits
      .map(({ name, images, classCounts }) => {
        const counts = [Math.min(...classCounts), Math.max(...classCounts)]
        return `${name} ${images} (${counts[0] === counts[1] ? counts[0] : counts.join('–')} a class)`
      })
      .join(', '),
  ])
  return table([['', 'step', 'images', 'classes', 'splits'], ...rows])
}

/** @param show How a set is told. */
export function prepareCommand(show: (set: DatasetDetail, json: boolean) => string): Command {
  return {
    words: 'datasets prepare',
    description: 'makes a data set of another one: other sizes, splits, classes, labels; its recipe is kept with it',
    arguments: [{ name: 'SOURCE', description: 'the name of the set to begin with' }],
    options,
    examples: [
      'normlab datasets prepare cifar10 --name cifar10-held-out --split train=0.9,validation=0.1',
      'normlab datasets prepare cifar10 --name cats-and-dogs --classes cat,dog --cap 1000 --grey',
      'normlab datasets prepare cifar10 --name long-tail --imbalance 100 --plan',
    ],
    async run({ lab, words, output, json }) {
      const [source, steps] = [words.argument('SOURCE'), stepsOf(words)]
      if (words.flag('plan')) {
        const plan = await finishJob(output, json, (tell) => lab().start('datasets.plan', { source, steps }, tell))
        output.print(json ? plan.stages.map(jsonLine).join('') : planText(plan))
        return 0
      }
      const input = { source, name: words.text('name')!, steps }
      const set = await finishJob(output, json, (tell) => lab().start('datasets.prepare', input, tell))
      output.print(show(set, json))
      return 0
    },
  }
}
