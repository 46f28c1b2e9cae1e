import path from 'node:path'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { tellAllUnits } from './all-units'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, type Output, jsonLine } from './command'
import { figure } from './format'
import { hasOwnNetwork, spectraOptions, tellSpectra } from './network-spectra'
import { tellUnitSpectrum, unitOptions } from './unit-spectrum'

const weights = { name: 'FILE', description: 'safetensors with the kernel' }
const tensor = { name: 'tensor', value: 'NAME', description: 'the kernel: stem.conv.kernel', required: true } as const
const out = {
  name: 'out',
  value: 'FILE',
  description: 'safetensors to write: a copy with that kernel changed',
  required: true,
} as const
const size = { name: 'size', value: 'S', description: 'side of the convolution’s frequency grid, pixels' } as const

const file = (words: Parsed): string => path.resolve(words.argument('FILE'))

const spectrum: Command = {
  words: 'spectrum',
  description:
    'singular values, descending: of a convolution as it acts on S×S inputs, of a dense kernel, of all linear layers of a network, or of a unit’s Jacobian',
  arguments: [
    {
      ...weights,
      description:
        'a file of weights; for a network or a unit also run:ID (its newest checkpoint), for a network library:ID and initial:SEED',
    },
  ],
  options: [
    { ...tensor, required: false },
    { ...size, description: 'side of the convolution’s inputs, pixels' },
    {
      name: 'padding',
      value: 'PADDING',
      description: 'circular (unless told), same as TensorFlow pads, or a number of pixels on every side as PyTorch does',
    },
    { name: 'stride', value: 'K', description: 'pixels between outputs (1)' },
    { name: 'groups', value: 'G', description: 'groups of channels that do not see each other (1)' },
    { name: 'dilation', value: 'D', description: 'pixels between the taps of the kernel (1)' },
    {
      name: 'network',
      value: 'NET',
      description: 'the network that the weights are of: all its linear layers, or a unit’s Jacobian',
    },
    ...spectraOptions,
    ...unitOptions,
  ],
  examples: [
    'normlab spectrum w.safetensors --tensor stem.conv.kernel --size 32',
    'normlab spectrum w.safetensors --tensor conv1.kernel --size 32 --padding same --stride 2',
    'normlab spectrum run:3',
    'normlab spectrum resnet20.th --network resnet-20:shortcut=padding-both,padding=symmetric --out spectra.csv',
    'normlab spectrum w.safetensors --network resnet-20 --unit stage1.block1 --batch b.safetensors',
    'normlab spectrum run:3 --network resnet-110 --unit stage1.block1 --to stage1.block18 --batch b.safetensors',
  ],
  async run(context) {
    const { engine, words, output, json } = context
    if (words.text('unit') === 'all') return tellAllUnits(context)
    if (words.text('unit') !== undefined) return tellUnitSpectrum(context)
    if (words.text('tensor') === undefined && (words.text('network') !== undefined || hasOwnNetwork(words)))
      return tellSpectra(context)
    if (words.text('tensor') === undefined)
      throw new UserError('it says neither a kernel nor a unit', {
        place: 'spectrum',
        remedy: 'add --tensor NAME, --network NET for all layers, or --network NET --unit NAME --batch FILE',
      })
    const [side, stride, groups] = [words.whole('size', 1), words.whole('stride', 1), words.whole('groups', 1)]
    const dilation = words.whole('dilation', 1)
    const padding = paddingOf(words.text('padding'))
    const found = await engine().request('kernels.spectrum', {
      ...{ weights: file(words), tensor: words.text('tensor')! },
      ...(side !== undefined && { size: side }),
      ...(padding !== undefined && { padding }),
      ...(stride !== undefined && { stride }),
      ...(groups !== undefined && { groups }),
      ...(dilation !== undefined && { dilation }),
    })
    if ('singularValues' in found) {
      const values = shortestSingles(found.singularValues)
      output.print(json ? jsonLine({ singular_values: values }) : values.map((value) => `${figure(value)}\n`).join(''))
    } else if (json) output.print(jsonLine(found))
    else
      for (const [name, { value, error }] of Object.entries(found))
        output.print(`${name} ${figure(value)}, to within ${figure(error)}\n`)
    return 0
  },
}

/** @throws UserError for a word that is no padding. */
function paddingOf(word: string | undefined): 'circular' | 'same' | number | undefined {
  if (word === undefined || word === 'circular' || word === 'same') return word
  return wholeNumber(word, '--padding', 0)
}

const project: Command = {
  words: 'project',
  description:
    'a copy of a file in which a convolution’s kernel is projected: all singular values as equal as its support allows',
  arguments: [weights],
  options: [
    tensor,
    { ...size, required: true },
    { name: 'method', value: 'svd|newton-schulz', description: 'how the projection is computed (svd)' },
    out,
  ],
  examples: ['normlab project w.safetensors --tensor stem.conv.kernel --size 32 --out projected.safetensors'],
  async run({ engine, words, output, json }) {
    const target = path.resolve(words.text('out')!)
    const found = await engine().request('kernels.project', {
      ...{ weights: file(words), tensor: words.text('tensor')!, out: target },
      size: words.whole('size', 1)!,
      method: (words.text('method') ?? 'svd') as 'svd' | 'newton-schulz',
    })
    tell(output, json, target, found)
    return 0
  },
}

const whiten: Command = {
  words: 'whiten',
  description: 'a copy of a file in which a dense kernel is whitened',
  arguments: [weights],
  options: [tensor, out],
  examples: ['normlab whiten w.safetensors --tensor head.kernel --out whitened.safetensors'],
  async run({ engine, words, output, json }) {
    const target = path.resolve(words.text('out')!)
    const found = await engine().request('kernels.whiten', { weights: file(words), tensor: words.text('tensor')!, out: target })
    tell(output, json, target, found)
    return 0
  },
}

function tell(
  output: Output,
  json: boolean,
  target: string,
  { rank, fullRank }: { rank: number | null; fullRank: number },
): void {
  if (json) return output.print(jsonLine({ out: target, rank, full_rank: fullRank }))
  if (rank !== null && rank < fullRank)
    output.say(`The least rank found is ${rank} where ${fullRank} is full: the directions that are missing stay zero.\n`)
  output.print(`${target}\n`)
}

export const kernelCommands: readonly Command[] = [spectrum, project, whiten]
