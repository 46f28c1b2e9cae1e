import { countWords } from '../../shared/count-words'
import path from 'node:path'
import type { DatasetDetail, Recognised } from '../../shared/api'
import type { ImportChoices } from '../../shared/datasets/import-choices'
import { UserError } from '../../shared/errors'
import { tellStep } from '../../shared/datasets/preparation'
import { sampleWords, sizeWords } from '../../shared/datasets/sample-words'
import type { Parsed } from './arguments'
import { checkCommand } from './dataset-check'
import { type Command, jsonLine } from './command'
import { createCommand } from './dataset-create'
import { prepareCommand } from './dataset-preparation'
import { table } from '../text/format'
import { finishJob } from './follow-job'

const name = { name: 'NAME', description: 'the data set’s name' }

const list: Command = {
  words: 'datasets list',
  description: 'the data sets that are built in or were imported',
  examples: ['normlab datasets list'],
  async run({ lab, output, json }) {
    const sets = await lab().request('datasets.list', {})
    const rows = sets.map((set) => [
      set.name,
      sizeWords(set),
      String(set.classes.length),
      set.splits.map((split) => `${split.name} ${split.images}`).join(', '),
    ])
    output.print(json ? sets.map(jsonLine).join('') : table([['data set', 'size', 'classes', 'splits'], ...rows]))
    return 0
  },
}

const show: Command = {
  words: 'datasets show',
  description: 'a data set: its splits with mean and deviation of each channel, its classes, what was left out',
  arguments: [name],
  examples: ['normlab datasets show shapes10'],
  async run({ lab, words, output, json }) {
    const set = await lab().request('datasets.show', { name: words.argument('NAME') })
    output.print(json ? jsonLine(fields(set)) : text(set))
    return 0
  },
}

const importCommand: Command = {
  words: 'datasets import',
  description: 'brings in images of your own; what they are, their content says',
  arguments: [{ name: 'PATH', description: 'a folder, an archive (.zip, .tar, .tar.gz, .npz) or a file' }],
  options: [
    { name: 'name', value: 'NAME', description: 'what to call the set; the path’s last part where absent' },
    { name: 'format', value: 'KIND', description: 'the kind, where its content would be taken for another' },
    { name: 'labels', value: 'fine|coarse', description: 'CIFAR-100: its 100 classes (fine), or their 20 groups' },
    { name: 'transpose', value: 'yes|no', description: 'IDX: images were stored column by column, as EMNIST’s are' },
    { name: 'layout', value: 'nhwc|nchw', description: 'arrays: channels last or before the rows' },
    { name: 'scale', value: '1|255', description: 'arrays of floats: what white is' },
    {
      name: 'order',
      value: 'code-points|natural',
      description: 'folders: order of the classes (code-points, as PyTorch has it)',
    },
    { name: 'keep-empty', description: 'folders: a class without images stays a class' },
    { name: 'channels', value: '1|3', description: 'pictures: grey or colour' },
    { name: 'other-sizes', value: 'leave-out', description: 'pictures: those of another size than the first are left out' },
    { name: 'look', description: 'tells what it would come to, and brings nothing in' },
  ],
  examples: ['normlab datasets import cifar-10-python.tar.gz --name cifar10', 'normlab datasets import pictures/'],
  async run({ lab, words, output, json }) {
    const source = path.resolve(words.argument('PATH'))
    const given = words.text('name')
    const input = { source, ...(given !== undefined && { name: given }), choices: choicesOf(words) }
    if (words.flag('look')) {
      const looked = await finishJob(output, json, (tell) => lab().start('datasets.recognise', input, tell))
      output.print(json ? jsonLine(withoutPixels(looked)) : foundText(looked))
      return looked.problem === null ? 0 : 2
    }
    const left = 'the same command goes on where it was'
    const set = await finishJob(output, json, (tell) => lab().start('datasets.import', input, tell), left)
    output.print(json ? jsonLine(fields(set)) : text(set))
    return 0
  },
}

const verify: Command = {
  words: 'datasets verify',
  description: 'makes or reads a set again and holds it against the hash that it was given',
  arguments: [name],
  examples: ['normlab datasets verify cifar10'],
  async run({ lab, words, output, json }) {
    const set = words.argument('NAME')
    const { hash } = await finishJob(output, json, (tell) => lab().start('datasets.verify', { name: set }, tell))
    output.print(json ? jsonLine({ name: set, hash, ok: true }) : `${set} is as it was (${hash.slice(0, 12)}…).\n`)
    return 0
  },
}

const exportCommand: Command = {
  words: 'datasets export',
  description:
    'writes a data set as safetensors: SPLIT/images (U8, N×H×W×C) or SPLIT/vectors (F32, N×F), SPLIT/labels, and the classes as metadata',
  arguments: [name],
  options: [{ name: 'out', value: 'FILE', description: 'the file to write', required: true }],
  examples: ['normlab datasets export cifar10 --out cifar10.safetensors'],
  async run({ lab, words, output, json }) {
    const input = { name: words.argument('NAME'), out: path.resolve(words.text('out')!) }
    const written = await finishJob(output, json, (tell) => lab().start('datasets.export', input, tell))
    output.print(json ? jsonLine(written) : `${written.path}: ${countWords(written.images, 'image')}\n`)
    return 0
  },
}

const deleteCommand: Command = {
  words: 'datasets delete',
  description: 'takes an imported set away for good; runs that used it stay, and cannot go on',
  arguments: [name],
  options: [{ name: 'yes', description: 'also where runs used it' }],
  examples: ['normlab datasets delete cifar10'],
  async run({ lab: open, words, output, json }) {
    const set = words.argument('NAME')
    const lab = open()
    // What is built in, or is not there at all, is refused by the lab itself.
    const isImported = (await lab.request('datasets.list', {})).some(({ name, hash }) => name === set && hash !== undefined)
    const runs = (await lab.request('runs.list', {})).filter(({ dataset }) => dataset === set).map(({ id }) => id)
    if (isImported && runs.length > 0 && !words.flag('yes'))
      throw new UserError(`${runsWord(runs)} used it and could not go on or be tested without it`, {
        place: `data set "${set}"`,
        remedy: 'to delete it all the same, add --yes',
      })
    await lab.request('datasets.delete', { name: set })
    const without = runs.length === 0 ? '' : `; ${runsWord(runs)} cannot go on until it is imported or prepared again as it was`
    output.print(json ? jsonLine({ deleted: set, runs }) : `${set} is deleted${without}.\n`)
    return 0
  },
}

/** Runs that are told by their numbers. */
const TOLD_RUNS = 20

function runsWord(runs: readonly number[]): string {
  const numbers = runs.slice(0, TOLD_RUNS).join(', ')
  return `${runs.length === 1 ? 'run' : 'runs'} ${numbers}${runs.length > TOLD_RUNS ? `, … (${runs.length} in all)` : ''}`
}

function choicesOf(words: Parsed): ImportChoices {
  const transpose = words.text('transpose')
  const channels = words.text('channels')
  const told = {
    format: words.text('format'),
    labels: words.text('labels'),
    layout: words.text('layout'),
    scale: words.text('scale'),
    order: words.text('order'),
    otherSizes: words.text('other-sizes'),
    ...(transpose !== undefined && { transpose: transpose === 'yes' }),
    ...(words.flag('keep-empty') && { keepEmpty: true }),
    ...(channels !== undefined && { channels: Number(channels) }),
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as ImportChoices
}

/** Scripts have no use for the pictures of a source themselves. */
function withoutPixels({ found, ...rest }: Recognised): object {
  return {
    ...rest,
    found: found && { ...found, pictures: found.pictures.map(({ pixels: _, ...picture }) => picture) },
  }
}

function foundText({ place, name: called, kind, kinds, problem, found }: Recognised): string {
  const { title = 'nothing that is known', asks = [] } = kinds.find((one) => one.name === kind) ?? {}
  const options = asks.map((ask) => `--${ask.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
  const lines = [
    `${place}: ${title}${kind === null ? '' : ` (${kind})`}`,
    ...(problem === null ? [] : [`it cannot be brought in so: ${problem}`]),
    ...(found
      ? [
          `splits: ${found.splits.map((split) => `${split.name} ${split.images}`).join(', ')}`,
          `classes: ${found.classes.length}: ${found.classes.slice(0, 30).join(', ')}${found.classes.length > 30 ? ', …' : ''}`,
          `images: ${found.shape?.join('×') ?? 'of a size that only reading them tells'}`,
          ...found.remarks.map((remark) => `note: ${remark}`),
        ]
      : []),
    `it would be called ${called}`,
    ...(options.length > 0 ? [`what can be chosen: ${options.join(', ')}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** The split's figures by split, as scripts want them, beside the list that the lab answers. */
function fields(set: DatasetDetail): object {
  const bySplit = <T>(value: (split: DatasetDetail['splits'][number]) => T): Record<string, T> =>
    Object.fromEntries(set.splits.map((split) => [split.name, value(split)]))
  return {
    ...set,
    images: bySplit(({ images }) => images),
    mean: bySplit(({ mean }) => mean),
    std: bySplit(({ std }) => std),
    class_counts: bySplit(({ classCounts }) => classCounts),
  }
}

function preparedText({ source, steps }: NonNullable<DatasetDetail['prepared']>): string[] {
  return [
    `made of ${source.name} (hash ${source.hash.slice(0, 12)}…)${steps.length > 0 ? ' by' : ''}`,
    ...steps.map((step, i) => `  ${i + 1}. ${tellStep(step)}`),
  ]
}

const rangeText = ({ range, unit }: NonNullable<DatasetDetail['vectors']>): string =>
  `features from ${range![0]} to ${range![1]}${unit === undefined ? ', without a unit' : ` ${unit}`}, noise aside`

function text(set: DatasetDetail): string {
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(5)).join(' ')
  const rows = set.splits.map(({ name, images, mean, std }) => [name, String(images), list(mean), list(std)])
  const lines = [
    `${set.name}: ${sampleWords(set)}, ${countWords(set.classes.length, 'class')}${set.kind === undefined || set.prepared ? '' : `, read as ${set.kind}`}`,
    ...(set.hash === undefined ? [] : [`hash ${set.hash}`]),
    ...(set.vectors?.range ? [rangeText(set.vectors)] : []),
    ...(set.prepared ? preparedText(set.prepared) : []),
    `classes: ${set.classes.slice(0, 30).join(', ')}${set.classes.length > 30 ? ', …' : ''}`,
    ...set.remarks.map((remark) => `note: ${remark}`),
  ]
  const head = set.vectors
    ? ['split', 'vectors', 'mean a feature', 'deviation']
    : ['split', 'images', 'mean a channel (0–1)', 'deviation']
  return `${lines.join('\n')}\n${table([head, ...rows])}`
}

const create = createCommand((set, json) => (json ? jsonLine(fields(set)) : text(set)))
const prepare = prepareCommand((set, json) => (json ? jsonLine(fields(set)) : text(set)))

export const datasetCommands: readonly Command[] = [
  list,
  show,
  importCommand,
  create,
  prepare,
  checkCommand,
  verify,
  exportCommand,
  deleteCommand,
]
