import path from 'node:path'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { SPECTRUM_FIGURES } from '../../shared/spectra/figures'
import { type SpectrumSummary, summariseSpectrum } from '../../shared/spectra/summary'
import { tellAllUnits } from './all-units'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { figure, percent, table } from '../text/format'
import { size, taps, tapsOf, tensor } from './kernel-options'
import { hasOwnNetwork, spectraOptions, tellSpectra } from './network-spectra'
import { tellUnitSpectrum, unitOptions } from './unit-spectrum'

export const spectrum: Command = {
  words: 'spectrum',
  description:
    'singular values, descending: of a convolution as it acts on S×S inputs, of a dense kernel, of all linear layers of a network, or of a unit’s Jacobian',
  arguments: [
    {
      name: 'FILE',
      description:
        'a file of weights; for a network or a unit also run:ID (its newest checkpoint), for a network library:ID and initial:SEED',
    },
  ],
  options: [
    tensor,
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
    'normlab spectrum run:3@120 --less run:3@60',
    'normlab spectrum resnet20.th --network resnet-20:shortcut=padding-both,padding=symmetric --out spectra.csv',
    'normlab spectrum w.safetensors --network resnet-20 --unit stage1.block1 --batch b.safetensors',
    'normlab spectrum run:3 --unit stage1.block1 --to stage1.block18 --data cifar10',
  ],
  async run(context) {
    const { engine, words, output, json } = context
    refuseUnheeded(words)
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
      ...{ weights: path.resolve(words.argument('FILE')), tensor: words.text('tensor')! },
      ...(side !== undefined && { size: side }),
      ...(padding !== undefined && { padding }),
      ...(stride !== undefined && { stride }),
      ...tapsOf(words),
    })
    if ('singularValues' in found) {
      const values = shortestSingles(found.singularValues)
      const summary = summariseSpectrum({ values: found.singularValues, times: 1 }, words.number('delta'))
      if (json) output.print(jsonLine({ singular_values: values, ...summary }))
      else output.print(`${values.map((value) => `${figure(value)}\n`).join('')}\n${figuresText(summary)}`)
    } else if (json) output.print(jsonLine(found))
    else
      for (const [name, { value, error }] of Object.entries(found))
        output.print(`${name} ${figure(value)}, to within ${figure(error)}\n`)
    return 0
  },
}

/** What a kernel or a unit does not heed of the options of a whole network. */
const UNHEEDED: Readonly<Record<'tensor' | 'unit', readonly string[]>> = {
  tensor: ['unit', 'network', 'layers', 'acts', 'less', 'bound', 'init', 'map', 'out'],
  unit: ['layers', 'acts', 'less', 'bound', 'delta', 'out'],
}

/** @throws UserError that says whose an option is. */
function refuseUnheeded(words: Parsed): void {
  const piece = (['tensor', 'unit'] as const).find((name) => words.text(name) !== undefined)
  const unheeded = piece && UNHEEDED[piece].find((name) => words.flag(name))
  if (unheeded === undefined) return
  const network = `leave out --${piece}, and name layers with --layers NAME,… where not all are asked for`
  const isOfNetwork = unheeded !== 'unit' && unheeded !== 'network'
  const what = isOfNetwork
    ? 'it is told of all layers of a network alone'
    : 'a kernel is read by itself, without a network around it'
  throw new UserError(what, {
    place: `--${unheeded} with --${piece}`,
    remedy: isOfNetwork ? network : `leave out --${unheeded} or --${piece}`,
  })
}

/** A line a figure, below the values. */
function figuresText(summary: SpectrumSummary): string {
  const spectrum = { summary, extremes: null, edgeShare: null }
  return table(
    SPECTRUM_FIGURES.flatMap(({ label, form, of }) => {
      const value = of(spectrum)
      return value === null ? [] : [[label, form === 'share' ? percent(value) : figure(value)]]
    }),
  )
}

/** @throws UserError for a word that is no padding. */
function paddingOf(word: string | undefined): 'circular' | 'same' | number | undefined {
  if (word === undefined || word === 'circular' || word === 'same') return word
  return wholeNumber(word, '--padding', 0)
}
