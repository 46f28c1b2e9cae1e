import path from 'node:path'
import type { RequestInput } from '../../shared/api'
import type { Parsed } from './arguments'
import { type Command, jsonLine } from './command'
import { UserError } from '../../shared/errors'
import { readValue } from '../../shared/settings/field'
import { settingAt } from '../../shared/settings'
import { shortestSingles } from '../../shared/float32'
import { figure, table } from '../text/format'
import { anyNetwork, netArgument } from './network-choice'
import { givenMap, mapOption } from './weight-map'

const threads = { name: 'threads', value: 'N', description: 'CPU threads' }

/** Absolute, as the lab wants it. */
function file(words: Parsed, name: string): string {
  return path.resolve(words.text(name)!)
}

export const evaluate: Command = {
  words: 'evaluate',
  description: 'one forward and backward pass in training mode: logits, loss, gradients, boundary norms, ratios',
  arguments: [netArgument],
  options: [
    {
      name: 'weights',
      value: 'FILE',
      description: 'safetensors with <parameter> or param/<parameter>, or a file as PyTorch and NumPy write them',
      required: true,
    },
    mapOption,
    { name: 'batch', value: 'FILE', description: 'safetensors with images and labels', required: true },
    { name: 'out', value: 'FILE', description: 'safetensors to write', required: true },
    threads,
  ],
  examples: ['normlab evaluate plain:blocks=2,widths=8/16 --weights w.safetensors --batch b.safetensors --out o.safetensors'],
  async run({ lab, engine, words, output, json }) {
    const count = words.whole('threads', 1)
    const answer = await engine().request('networks.evaluate', {
      network: await anyNetwork(lab, words.argument('NET')),
      ...givenMap(words),
      ...{ weights: file(words, 'weights'), batch: file(words, 'batch'), out: file(words, 'out') },
      ...(count !== undefined && { threads: count }),
    })
    const ratios = shortestSingles(answer.ratios)
    if (json)
      output.print(
        jsonLine({
          loss: answer.loss,
          units: answer.units,
          norms: shortestSingles(answer.norms),
          ratios,
          out: file(words, 'out'),
        }),
      )
    else
      output.print(
        `loss ${figure(answer.loss)}\n${table([['unit', 'ratio'], ...answer.units.map(({ name }, unit) => [name, figure(ratios[unit]!)])])}`,
      )
    return 0
  },
}

export const replay: Command = {
  words: 'replay',
  description: 'the optimiser’s steps on the batches of a file, to check against another program',
  arguments: [netArgument],
  options: [
    {
      name: 'weights',
      value: 'FILE',
      description:
        'safetensors with initial/<parameter>, param/<parameter> or <parameter>, or a file as PyTorch and NumPy write them',
      required: true,
    },
    mapOption,
    { name: 'batches', value: 'FILE', description: 'safetensors with images/<step> and labels/<step>', required: true },
    { name: 'out', value: 'FILE', description: 'safetensors to write: losses, ratios, final/<parameter>', required: true },
    { name: 'rate', value: 'R', description: 'learning rate', required: true },
    { name: 'momentum', value: 'M', description: 'momentum', required: true },
    { name: 'nesterov', description: 'Nesterov’s momentum' },
    { name: 'weight-decay', value: 'D', description: 'weight decay (0 where absent)' },
    { name: 'project', value: 'none|transitions', description: 'project the stem and the transitions after each step' },
    { name: 'project-method', value: 'svd|newton-schulz', description: 'how (svd)' },
    { name: 'whiten', description: 'whiten the fully-connected kernel before each forward pass' },
    {
      name: 'clip',
      value: 'A,B',
      description: 'keep the singular values of convolutions and dense layers in this interval',
    },
    { name: 'clip-layers', value: 'LAYERS', description: 'whose: transitions, all, or patterns of names (all)' },
    { name: 'clip-every', value: 'K', description: 'after every K-th step (1)' },
    threads,
  ],
  examples: [
    'normlab replay proc-resnet:blocks=2 --weights w.safetensors --batches b.safetensors --rate 0.1 --momentum 0.9 --project transitions --out o.safetensors',
  ],
  async run({ lab, engine, words, output, json }) {
    const count = words.whole('threads', 1)
    const projection: RequestInput<'networks.replay'>['projection'] = {
      layers: (words.text('project') ?? 'none') as 'none' | 'transitions',
      method: (words.text('project-method') ?? 'svd') as 'svd' | 'newton-schulz',
    }
    const { losses, steps } = await engine().request('networks.replay', {
      network: await anyNetwork(lab, words.argument('NET')),
      ...givenMap(words),
      ...givenMap(words),
      ...{ weights: file(words, 'weights'), batches: file(words, 'batches'), out: file(words, 'out') },
      rate: words.number('rate')!,
      momentum: words.number('momentum')!,
      nesterov: words.flag('nesterov'),
      weightDecay: words.number('weight-decay') ?? 0,
      projection,
      whitening: words.flag('whiten'),
      clip: clipping(words),
      ...(count !== undefined && { threads: count }),
    })
    if (json) output.print(jsonLine({ steps, losses: shortestSingles(losses), out: file(words, 'out') }))
    else output.print(table([['step', 'loss'], ...Array.from(losses, (loss, step) => [String(step + 1), figure(loss)])]))
    return 0
  },
}

/** The clipping that is asked for, as a run's settings have it. @throws UserError where a word of it cannot be read. */
function clipping(words: Parsed): RequestInput<'networks.replay'>['clip'] {
  const read = (name: string, of: string): unknown => {
    const text = words.text(name)
    if (text === undefined) return undefined
    const setting = settingAt(`training.clip.${of}`)!
    const value = readValue(setting, text)
    if ('value' in value) return value.value
    throw new UserError(value.wrong, { place: `--${name}`, remedy: value.remedy })
  }
  const interval = read('clip', 'interval') as [number, number] | undefined
  const [layers, every] = [read('clip-layers', 'layers'), read('clip-every', 'every')]
  if (interval === undefined) {
    const idle = layers !== undefined ? 'clip-layers' : every !== undefined ? 'clip-every' : undefined
    if (idle) throw new UserError('it changes nothing without --clip', { place: `--${idle}`, remedy: 'add --clip 0.5,1.5' })
    return { layers: 'none' }
  }
  return { layers: (layers ?? 'all') as 'all', interval, every: (every ?? 1) as number }
}
