import path from 'node:path'
import type { RequestOutput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { shortestSingles } from '../../shared/float32'
import { KernelChange } from '../../shared/spectra/change'
import { tellAllUnits } from './all-units'
import { finiteNumber, type Parsed, wholeNumber } from './arguments'
import { type Command, type Context, type Output, jsonLine } from './command'
import { figure } from '../text/format'
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

const taps = [
  { name: 'groups', value: 'G', description: 'groups of channels that do not see each other (1)' },
  { name: 'dilation', value: 'D', description: 'pixels between the taps of the kernel (1)' },
] as const

/** What was said of them. */
function tapsOf(words: Parsed): { groups?: number; dilation?: number } {
  const [groups, dilation] = [words.whole('groups', 1), words.whole('dilation', 1)]
  return { ...(groups !== undefined && { groups }), ...(dilation !== undefined && { dilation }) }
}

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
    ...taps,
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
    'normlab spectrum run:3 --unit stage1.block1 --to stage1.block18 --data cifar10',
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
        remedy: 'add --tensor NAME, --network NET for all layers, or --network NET --unit NAME with --batch FILE or --data NAME',
      })
    const [side, stride] = [words.whole('size', 1), words.whole('stride', 1)]
    const padding = paddingOf(words.text('padding'))
    const found = await engine().request('kernels.spectrum', {
      ...{ weights: file(words), tensor: words.text('tensor')! },
      ...(side !== undefined && { size: side }),
      ...(padding !== undefined && { padding }),
      ...(stride !== undefined && { stride }),
      ...tapsOf(words),
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

/** The commands that write a copy of a file in which a kernel is another. */
async function change({ engine, words, output, json }: Context, asked: KernelChange): Promise<number> {
  const target = path.resolve(words.text('out')!)
  const side = words.whole('size', 1)
  const found = await engine().request('kernels.change', {
    ...{ weights: file(words), tensor: words.text('tensor')!, out: target, change: asked },
    ...(side !== undefined && { size: side }),
    // Whitening and scaling have no word for them.
    ...(asked.kind === 'project' || asked.kind === 'clip' ? tapsOf(words) : {}),
  })
  tell(output, json, target, found)
  return 0
}

const project: Command = {
  words: 'project',
  description:
    'a copy of a file in which a convolution’s kernel is projected: all singular values as equal as its support allows',
  arguments: [weights],
  options: [
    tensor,
    { ...size, required: true },
    ...taps,
    { name: 'method', value: 'svd|newton-schulz', description: 'how the projection is computed (svd)' },
    out,
  ],
  examples: ['normlab project w.safetensors --tensor stem.conv.kernel --size 32 --out projected.safetensors'],
  run: (context) =>
    change(context, { kind: 'project', method: (context.words.text('method') ?? 'svd') as 'svd' | 'newton-schulz' }),
}

const whiten: Command = {
  words: 'whiten',
  description: 'a copy of a file in which a dense kernel is whitened',
  arguments: [weights],
  options: [tensor, out],
  examples: ['normlab whiten w.safetensors --tensor head.kernel --out whitened.safetensors'],
  run: (context) => change(context, { kind: 'whiten' }),
}

const clip: Command = {
  words: 'clip',
  description: 'a copy of a file in which a kernel’s singular values are put into an interval',
  arguments: [weights],
  options: [
    tensor,
    { ...size, description: `${size.description}; a dense kernel has none` },
    ...taps,
    { name: 'interval', value: 'A,B', description: 'the least and the greatest singular value: 0.5,2', required: true },
    out,
  ],
  examples: ['normlab clip w.safetensors --tensor stem.conv.kernel --size 32 --interval 0.5,2 --out clipped.safetensors'],
  run(context) {
    const [least, greatest, ...more] = context.words
      .text('interval')!
      .split(',')
      .map((word) => finiteNumber(word, '--interval'))
    if (least === undefined || greatest === undefined || more.length > 0)
      throw new UserError('an interval is two numbers, the least and the greatest', {
        place: '--interval',
        remedy: 'for example --interval 0.5,2',
      })
    const asked = KernelChange.safeParse({ kind: 'clip', interval: [least, greatest] })
    if (!asked.success)
      throw new UserError(complaintOf(asked.error).message, { place: '--interval', remedy: 'for example --interval 0.5,2' })
    return change(context, asked.data)
  },
}

const scale: Command = {
  words: 'scale',
  description: 'a copy of a file in which a kernel, and so each of its singular values, is multiplied by a factor',
  arguments: [weights],
  options: [tensor, { name: 'factor', value: 'F', description: 'above 0', required: true }, out],
  examples: ['normlab scale w.safetensors --tensor stem.conv.kernel --factor 0.5 --out scaled.safetensors'],
  run: (context) => change(context, { kind: 'scale', factor: context.words.number('factor')! }),
}

function tell(output: Output, json: boolean, target: string, { rank, fullRank, range }: RequestOutput<'kernels.change'>): void {
  if (json) return output.print(jsonLine({ out: target, rank, full_rank: fullRank, ...(range && { range }) }))
  if (range) {
    const [before, after] = [range.before, range.after].map(([least, greatest]) => `${figure(least)} to ${figure(greatest)}`)
    output.say(`Singular values: ${before} before, ${after} after.\n`)
  }
  if (rank !== null && rank < fullRank)
    output.say(`The least rank found is ${rank} where ${fullRank} is full: the directions that are missing stay zero.\n`)
  output.print(`${target}\n`)
}

export const kernelCommands: readonly Command[] = [spectrum, project, whiten, clip, scale]
