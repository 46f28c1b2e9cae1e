import path from 'node:path'
import type { JobInput, LayerSpectrum, SpectraAnswer } from '../../shared/api'
import { csvText } from '../../shared/csv'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { SPECTRUM_FIGURES, layerFigures } from '../../shared/spectra/figures'
import { writeFile } from '../files/write-file'
import { type Option, type Parsed, wholeNumber } from './arguments'
import { type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { INITIAL, initialOf, initialOptions, refuseInitialOptions } from './initial-weights'
import { figure, grouped, percent, table } from '../text/format'
import { anyNetwork } from './network-choice'
import { mapOption } from './weight-map'
import { weightsPlace } from './weights-place'

type Question = JobInput<'kernels.spectra'>

/** What `spectrum` takes for a whole network. */
export const spectraOptions = [
  mapOption,
  { name: 'layers', value: 'NAME,…', description: 'a network: of these layers alone' },
  {
    name: 'acts',
    value: 'circular|padded',
    description: 'a network: convolutions as they wrap around (quick), or as they pad (slow)',
  },
  {
    name: 'less',
    value: 'WEIGHTS',
    description: 'a network: of the change since these weights, a file, run:ID@STEP, library:ID or initial:SEED',
  },
  { name: 'bound', description: 'a network: an upper bound of σ₁ by Gram iteration as well, to check it by' },
  { name: 'delta', value: 'D', description: 'half of the interval around 1 whose share of the values is told (0.1)' },
  ...initialOptions('initial:SEED: '),
  { name: 'out', value: 'FILE', description: 'a network: all values as .csv (a row a value) or .json' },
] satisfies readonly Option[]

/** Whether FILE is a run, an item of the library or initial values rather than a file. */
export const hasOwnNetwork = (words: Parsed): boolean => /^(run|library|initial):/.test(words.argument('FILE'))

/** The spectra of all linear layers of a network, as a table or a line of JSON a layer. */
export async function tellSpectra(context: Context): Promise<number> {
  const { lab, words, output, json } = context
  const out = words.text('out')
  const form = out === undefined ? undefined : formOf(out)
  const question = await questionOf(context, form !== undefined || json)
  const answer = await finishJob(output, json, (tell) => lab().start('kernels.spectra', question, tell))
  if (out !== undefined)
    writeFile(path.resolve(out), form === 'csv' ? valuesCsv(answer) : `${JSON.stringify(fields(answer), null, 1)}\n`)
  if (json) for (const layer of answer.layers) output.print(jsonLine(layerFields(layer)))
  else output.print(tableText(answer))
  for (const note of [...answer.notes, ...(json ? [] : notConverged(answer))]) output.say(`Note: ${note}.\n`)
  output.say(sayings(answer))
  return 0
}

function sayings({ layers, computed, equal, cached, seconds, peakMb }: SpectraAnswer): string {
  const known = [
    cached > 0 && `${grouped(cached)} taken from an earlier look`,
    equal > 0 && `${grouped(equal)} the same as another layer`,
  ]
  const rest = known.filter(Boolean).join(', ')
  return `${grouped(layers.length)} layers: ${grouped(computed)} computed${rest && `, ${rest}`}; ${seconds.toFixed(1)} s, at most ${Math.round(peakMb)} MB.\n`
}

/** @throws UserError for an ending that is none of ours. */
function formOf(out: string): 'csv' | 'json' {
  const ending = path.extname(out).slice(1).toLowerCase()
  if (ending === 'csv' || ending === 'json') return ending
  throw new UserError('its ending says neither CSV nor JSON', { place: `--out ${out}`, remedy: 'end it in .csv or .json' })
}

async function questionOf({ lab, words }: Context, withValues: boolean): Promise<Question> {
  const layers = words.text('layers')?.split(',').filter(Boolean)
  const [delta, net, less] = [words.number('delta'), words.text('network'), words.text('less')]
  return {
    weights: weightsOf(words, less),
    ...(less !== undefined && { less: weightsNamed(less, words) }),
    ...(net !== undefined && { network: await anyNetwork(lab, net) }),
    ...(layers && { layers }),
    padding: words.text('acts') === 'padded' ? 'own' : 'circular',
    ...(delta !== undefined && { delta }),
    withValues,
    withBound: words.flag('bound'),
  }
}

/** Weights that lie somewhere, or `initial:SEED`. @param beside Others that are asked for with them. @throws UserError for options of initial values where none are. */
export function weightsOf(words: Parsed, beside?: string): Question['weights'] {
  const named = words.argument('FILE')
  if (![named, beside ?? ''].some((word) => INITIAL.test(word))) refuseInitialOptions(words, named)
  return weightsNamed(named, words)
}

function weightsNamed(word: string, words: Parsed): Question['weights'] {
  const seed = INITIAL.exec(word)?.[1]
  if (seed === undefined) return weightsPlace(word, words)
  return initialOf(words, wholeNumber(seed, word, 0))
}

/** A line a layer. */
export function tableText({ layers }: Pick<SpectraAnswer, 'layers'>): string {
  const heading = ['layer', 'kernel', 'input', ...SPECTRUM_FIGURES.map(({ short }) => short)]
  const rows = layers.map((layer) => [
    layer.name,
    layer.kernel.join('×'),
    layer.input.join('×'),
    ...layerFigures(layer).map((value, i) => {
      if (value === null) return '–'
      const { form, name } = SPECTRUM_FIGURES[i]!
      const error = errorOf(layer, name)
      return `${form === 'share' ? percent(value) : figure(value)}${error === undefined ? '' : ` ± ${figure(error)}`}`
    }),
  ])
  return table([heading, ...rows])
}

/** What a figure that was estimated may be off by. */
function errorOf({ extremes }: LayerSpectrum, name: string): number | undefined {
  if (!extremes) return undefined
  return name === 'largest' ? extremes.largest.error : name === 'smallest' ? extremes.smallest.error : undefined
}

/** Of the largest value: what an extreme may be off by and count as found. */
const TOLERANCE = 0.01
/** Names of a list that are told. */
const TOLD = 4

/** Which layers' smallest values an estimate has not come to. */
export function notConverged({ layers }: Pick<SpectraAnswer, 'layers'>): string[] {
  const names = layers.flatMap(({ name, extremes }) =>
    extremes && extremes.smallest.error > TOLERANCE * extremes.largest.value ? [name] : [],
  )
  if (names.length === 0) return []
  const told = `${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? `, … (${grouped(names.length)} in all)` : ''}`
  return [`σₙ of ${told} has not converged: the values shown are above it, by how much is known to within ± alone`]
}

/** A layer's spectrum as the command line says it in JSON. */
export function layerFields({ values, quantiles: _, summary, ...layer }: LayerSpectrum): object {
  return { ...layer, ...summary, ...(values && { singular_values: shortestSingles(values) }) }
}

const fields = ({ layers, ...answer }: SpectraAnswer): object => ({ ...answer, layers: layers.map(layerFields) })

function valuesCsv({ network, weights, layers }: SpectraAnswer): string {
  return csvText({
    comments: [`singular values of ${network}, ${weights}`, 'times: how often the value occurs'],
    columns: ['layer', 'index', 'singular_value', 'times'],
    rows: layers.flatMap(({ name, values, times }) =>
      values ? shortestSingles(values).map((value, i) => [name, i + 1, value, times]) : [],
    ),
  })
}
