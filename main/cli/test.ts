import path from 'node:path'
import type { JobInput, NetworkTestResult } from '../../shared/api'
import { copiesWords, noCopiesWords } from '../../shared/copies-words'
import { UserError } from '../../shared/errors'
import { type Command, type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { logitsForm, writeLogits } from './logits-file'
import { figure, grouped, percent, table } from '../text/format'
import { anyNetwork, netArgument, networkChoice } from './network-choice'
import { pixelOptions, pixelsOf } from './pixels'
import { mapOption } from './weight-map'
import { keptPlace } from './kept-place'
import { PLACES, weightsPlace } from './weights-place'

export const test: Command = {
  words: 'test',
  description: 'how given weights do on a split, by moving statistics: accuracy, loss, and what each class was taken for',
  arguments: [netArgument],
  options: [
    {
      name: 'weights',
      value: 'FILE',
      description: `the weights: ${PLACES}; NET’s own where it has some`,
    },
    mapOption,
    { name: 'data', value: 'NAME', description: 'the data set', required: true },
    { name: 'split', value: 'NAME', description: 'its split (test)' },
    ...pixelOptions,
    {
      name: 'out',
      value: 'FILE',
      description: 'writes the logits of each image, its class, what it was taken for and its loss: .csv, .json or .safetensors',
    },
    { name: 'threads', value: 'N', description: 'CPU threads' },
  ],
  examples: [
    'normlab test resnet-20:shortcut=padding-both,padding=symmetric --weights resnet20.th --data cifar10 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225',
    'normlab test run:3 --data shapes10 --out logits.csv',
  ],
  async run(context) {
    const { lab, words, output, json } = context
    const threads = words.whole('threads', 1)
    const split = words.text('split')
    const out = words.text('out')
    const form = out === undefined ? undefined : logitsForm(out)
    const input = {
      ...(await networkAndWeights(context)),
      data: words.text('data')!,
      ...(split !== undefined && { split }),
      ...pixelsOf(words),
      ...(threads !== undefined && { threads }),
      withLogits: out !== undefined,
    }
    const result = await finishJob(output, json, (tell) => lab().start('networks.test', input, tell))
    if (out !== undefined) writeLogits(path.resolve(out), form!, result)
    // What the import report has to say of these weights is worth knowing beside an accuracy.
    for (const remark of result.remarks) output.say(`Note: ${remark}.\n`)
    output.print(json ? jsonLine(fields(result)) : text(result))
    return 0
  },
}

/** @throws UserError where NET has no weights of its own and none are given. */
async function networkAndWeights({ lab, words }: Context): Promise<Pick<JobInput<'networks.test'>, 'network' | 'weights'>> {
  const net = words.argument('NET')
  const given = words.text('weights')
  const own = keptPlace(net)
  if (own === undefined) networkChoice(net)
  const weights = given === undefined ? own : weightsPlace(given, words)
  if (weights === undefined)
    throw new UserError('--weights FILE is missing', { place: 'normlab test', remedy: `for example ${test.examples[0]}` })
  // A run's and an item's own network comes with its weights.
  if (own !== undefined && given === undefined) return { weights }
  return { network: await anyNetwork(lab, net), weights }
}

function fields({
  network,
  data,
  split,
  images,
  accuracy,
  loss,
  classes,
  confusion,
  withoutCopies,
  mean,
  std,
}: NetworkTestResult): object {
  return {
    ...{ test_accuracy: accuracy, test_loss: loss, images, network, data, split, mean, std },
    ...(withoutCopies && {
      copies_in_train: withoutCopies.copies,
      test_accuracy_without_copies: withoutCopies.accuracy,
      test_loss_without_copies: withoutCopies.loss,
    }),
    classes,
    confusion:
      confusion && Array.from(classes, (_, row) => [...confusion.subarray(row * classes.length, (row + 1) * classes.length)]),
  }
}

/** Confusions that are told: the most frequent. */
const TOLD = 10

function text({ network, data, split, images, accuracy, loss, classes, confusion, withoutCopies }: NetworkTestResult): string {
  const share = (value: number | null): string => (value === null ? '–' : percent(value))
  const rows = classes.map(({ name, count, precision, recall }) => [name, grouped(count), share(recall), share(precision)])
  const lines = [
    `${network} on the ${split} split of ${data}: accuracy ${(100 * accuracy).toFixed(2)} % of ${grouped(images)} images, loss ${figure(loss)}`,
    ...copiesLine(data, split, withoutCopies),
    table([['class', 'images', 'found (recall)', 'right (precision)'], ...rows.slice(0, 100)]).trimEnd(),
    ...(rows.length > 100 ? [`and ${rows.length - 100} more classes; --json has them all`] : []),
  ]
  const mixed = confusion ? frequentConfusions(confusion, classes.length) : []
  const told = mixed.slice(0, TOLD).map(({ label, prediction, count }) => {
    return `  ${classes[label]!.name} taken for ${classes[prediction]!.name}: ${grouped(count)}`
  })
  return [...lines, ...(told.length > 0 ? ['Most often:', ...told] : []), ''].join('\n')
}

function copiesLine(data: string, split: string, without: NetworkTestResult['withoutCopies']): string[] {
  if (split === 'train') return []
  if (!without) return [`Copies in training are not known: normlab datasets check ${data} looks for them.`]
  const { copies, accuracy, loss } = without
  if (copies === 0) return [noCopiesWords(split)]
  if (accuracy === null || loss === null) return [`Every image of ${split} has a copy in train.`]
  return [`Without ${copiesWords(copies, split)}: accuracy ${(100 * accuracy).toFixed(2)} %, loss ${figure(loss)}`]
}

function frequentConfusions(confusion: Int32Array, classes: number): { label: number; prediction: number; count: number }[] {
  return Array.from(confusion, (count, at) => ({ label: Math.floor(at / classes), prediction: at % classes, count }))
    .filter(({ label, prediction, count }) => label !== prediction && count > 0)
    .sort((a, b) => b.count - a.count)
}
