import path from 'node:path'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { SPECTRUM_FIGURES } from '../../shared/spectra/figures'
import { type SpectrumSummary, summariseSpectrum } from '../../shared/spectra/summary'
import { tellAllUnits } from './all-units'
import { type Option, type Parsed, wholeNumber } from './arguments'
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

const namesOf = (options: readonly Option[]): string[] => options.map(({ name }) => name)

/** Whose the options are that not every form heeds. */
const OF_KERNEL = ['size', 'padding', 'stride', ...namesOf(taps)]
const OF_UNIT = namesOf(unitOptions).filter((name) => name !== 'unit')
const OF_LAYERS = namesOf(spectraOptions).filter((name) => !['map', 'init', 'set', 'delta'].includes(name))

const OWNERS = {
  kernel: { what: 'it is of a kernel that is read by itself', way: 'name the kernel of a file with --tensor NAME' },
  unit: { what: 'it is of a unit’s Jacobian alone', way: 'name a unit with --unit NAME' },
  layers: {
    what: 'it is told of all layers of a network alone',
    way: 'name layers with --layers NAME,… where not all are asked for',
  },
} as const

/** @throws UserError that says whose an option is that this form does not heed. */
function refuseUnheeded(words: Parsed): void {
  const form = (['tensor', 'unit'] as const).find((name) => words.flag(name))
  const given = (names: readonly string[]): string | undefined => names.find((name) => words.flag(name))
  if (form === 'tensor') {
    const around = given(['unit', 'network', 'init', 'set', 'map'])
    if (around !== undefined)
      throw new UserError('a kernel is read by itself, without a network around it', {
        place: `--${around} with --tensor`,
        remedy: `leave out --${around} or --tensor`,
      })
  }
  const foreign = [
    ...(form === 'tensor' ? [] : [['kernel', OF_KERNEL] as const]),
    ...(form === 'unit' ? [] : [['unit', OF_UNIT] as const]),
    ...(form === undefined ? [] : [['layers', form === 'unit' ? [...OF_LAYERS, 'delta'] : OF_LAYERS] as const]),
  ]
  for (const [owner, names] of foreign) {
    const unheeded = given(names)
    if (unheeded === undefined) continue
    const { what, way } = OWNERS[owner]
    throw new UserError(what, {
      place: form === undefined ? `--${unheeded}` : `--${unheeded} with --${form}`,
      remedy: form === undefined ? `leave it out, or ${way}` : `leave out --${unheeded}, or --${form} and ${way}`,
    })
  }
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
