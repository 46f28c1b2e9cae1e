import path from 'node:path'
import type { RequestOutput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { clippingWords, KernelChange } from '../../shared/spectra/change'
import { finiteNumber, type Option, type Parsed } from './arguments'
import { type Command, type Context, type Output, jsonLine } from './command'
import { figure } from '../text/format'
import { size, taps, tapsOf, tensor } from './kernel-options'
import { changesNetwork, layerOptions, refuseLayerOptions, tellLayerChange } from './layer-change'
import { needed } from './needed'

const weights = {
  name: 'FILE',
  description:
    'safetensors with the kernel; a network’s weights with --layer: also run:ID, library:ID, initial:SEED, or FILE --network NET',
}
const out: Option = {
  name: 'out',
  value: 'FILE',
  description: 'safetensors to write: a copy with that kernel changed; of a network’s layer only where wanted',
}

/**
 * The commands that change a kernel: in a copy of a file, or as the layer of a network that it is, with what that comes to.
 *
 * @param needsSize Whether a convolution's grid has to be said where a file is all there is.
 */
async function change(context: Context, asked: KernelChange, needsSize = false): Promise<number> {
  const { engine, words, output, json } = context
  if (changesNetwork(words)) return tellLayerChange(context, asked)
  refuseLayerOptions(words)
  const of = (name: string): string => needed(words, name, 'a kernel of a file')
  if (needsSize) of('size')
  const target = path.resolve(of('out'))
  const side = words.whole('size', 1)
  const found = await engine().request('kernels.change', {
    ...{ weights: path.resolve(words.argument('FILE')), tensor: of('tensor'), out: target, change: asked },
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
    'projects a convolution’s kernel: all singular values as equal as its support allows; of a checkpoint’s layer, what that comes to',
  arguments: [weights],
  options: [
    tensor,
    size,
    ...taps,
    { name: 'method', value: 'svd|newton-schulz', description: 'how the projection is computed (svd)' },
    out,
    ...layerOptions,
  ],
  examples: [
    'normlab project w.safetensors --tensor stem.conv.kernel --size 32 --out projected.safetensors',
    'normlab project run:3 --layer stem.conv --data shapes10 --keep "stem projected"',
  ],
  run: (context) =>
    change(context, { kind: 'project', method: (context.words.text('method') ?? 'svd') as 'svd' | 'newton-schulz' }, true),
}

const whiten: Command = {
  words: 'whiten',
  description: 'whitens a dense kernel: all singular values 1; of a checkpoint’s layer, what that comes to',
  arguments: [weights],
  options: [tensor, out, ...layerOptions],
  examples: [
    'normlab whiten w.safetensors --tensor head.kernel --out whitened.safetensors',
    'normlab whiten run:3 --layer head --data shapes10',
  ],
  run: (context) => change(context, { kind: 'whiten' }),
}

const clip: Command = {
  words: 'clip',
  description: 'puts a kernel’s singular values into an interval; of a checkpoint’s layer, what that comes to',
  arguments: [weights],
  options: [
    tensor,
    { ...size, description: `${size.description}; a dense kernel has none` },
    ...taps,
    { name: 'interval', value: 'A,B', description: 'the least and the greatest singular value: 0.5,2', required: true },
    {
      name: 'rounds',
      value: 'N',
      description: 'times that a convolution is cropped to its taps and clipped again, at most (30)',
    },
    out,
    ...layerOptions,
  ],
  examples: [
    'normlab clip w.safetensors --tensor stem.conv.kernel --size 32 --interval 0.5,2 --out clipped.safetensors',
    'normlab clip run:3@120 --layer stage1.block1.conv1 --interval 0.5,1.5 --data shapes10',
  ],
  run: (context) => change(context, clipOf(context.words)),
}

/** @throws UserError where it is not two numbers in order. */
function clipOf(words: Parsed): KernelChange {
  const remedy = 'for example --interval 0.5,2'
  const [least, greatest, ...more] = words
    .text('interval')!
    .split(',')
    .map((word) => finiteNumber(word, '--interval'))
  if (least === undefined || greatest === undefined || more.length > 0)
    throw new UserError('an interval is two numbers, the least and the greatest', { place: '--interval', remedy })
  const rounds = words.whole('rounds', 1)
  const asked = KernelChange.safeParse({ kind: 'clip', interval: [least, greatest], ...(rounds !== undefined && { rounds }) })
  if (!asked.success) throw new UserError(complaintOf(asked.error).message, { place: '--interval', remedy })
  return asked.data
}

const scale: Command = {
  words: 'scale',
  description:
    'multiplies a kernel, and so each of its singular values, by a factor; of a checkpoint’s layer, what that comes to',
  arguments: [weights],
  options: [tensor, { name: 'factor', value: 'F', description: 'above 0', required: true }, out, ...layerOptions],
  examples: [
    'normlab scale w.safetensors --tensor stem.conv.kernel --factor 0.5 --out scaled.safetensors',
    'normlab scale library:2 --layer head --factor 0.5',
  ],
  run: (context) => change(context, { kind: 'scale', factor: context.words.number('factor')! }),
}

function tell(
  output: Output,
  json: boolean,
  target: string,
  { rank, fullRank, range, clipping }: RequestOutput<'kernels.change'>,
): void {
  if (json)
    return output.print(
      jsonLine({ out: target, rank, full_rank: fullRank, ...(range && { range }), ...(clipping && { clipping }) }),
    )
  if (range) {
    const [before, after] = [range.before, range.after].map(([least, greatest]) => `${figure(least)} to ${figure(greatest)}`)
    output.say(`Singular values: ${before} before, ${after} after.\n`)
  }
  if (clipping) output.say(`${clippingWords(clipping, figure)}\n`)
  if (rank !== null && rank < fullRank)
    output.say(`The least rank found is ${rank} where ${fullRank} is full: the directions that are missing stay zero.\n`)
  output.print(`${target}\n`)
}

export const kernelCommands: readonly Command[] = [project, whiten, clip, scale]
