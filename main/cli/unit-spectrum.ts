import path from 'node:path'
import type { JobInput, RequestInput, RequestOutput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import type { Parsed } from './arguments'
import { type Command, type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { figure, percent } from '../text/format'
import { needed } from './needed'
import { anyNetwork } from './network-choice'
import { pixelOptions, pixelsOf } from './pixels'
import { hasOwnNetwork, weightsOf } from './network-spectra'
import { givenMap } from './weight-map'

type Question = RequestInput<'networks.spectrum'>
type Answer = RequestOutput<'networks.spectrum'>

/** Options of `spectrum` for the Jacobian of a piece of a network. */
export const unitOptions: NonNullable<Command['options']> = [
  {
    name: 'unit',
    value: 'NAME',
    description: 'the unit, stage1.block1, or input: where the piece begins; all for every unit by itself',
  },
  { name: 'to', value: 'NAME', description: 'the unit with which the piece ends, or logits (the unit itself)' },
  {
    name: 'part',
    value: 'whole|branch',
    description: 'the unit, or of x + F(x) the branch F alone (whole); with all units columns for it beside the unit’s',
  },
  { name: 'batch', value: 'FILE', description: 'safetensors with images, the points at which the Jacobian is taken' },
  {
    name: 'mode',
    value: 'inference|training',
    description: 'at one image by moving statistics (inference), or over the whole batch',
  },
  { name: 'image', value: 'I', description: 'inference: which image of the batch (0)' },
  { name: 'data', value: 'NAME', description: 'a data set with the points, in place of --batch' },
  { name: 'split', value: 'NAME', description: 'its split (test)' },
  { name: 'count', value: 'N', description: 'training: images of the batch, from --image on (32)' },
  ...pixelOptions,
  { name: 'alignment', value: 'K', description: 'all units: how the K largest singular vectors of blocks lie to each other' },
  { name: 'partial', value: 'P', description: 'all units: norms of the partial Jacobians, by P random vectors' },
  { name: 'exact', value: 'N', description: 'find all values where there are at most so many (3000), else the extremes' },
  {
    name: 'tolerance',
    value: 'E',
    description: 'the extremes’ error, relative to the largest value (0.001; 0.01 for all units)',
  },
  { name: 'steps', value: 'K', description: 'steps of Lanczos at most (200; 40 for all units)' },
  {
    name: 'probes',
    value: 'P',
    description: 'random vectors for the estimate of all values of a large one (8; 0 for all units)',
  },
]

const UNIT = 'a unit’s Jacobian'

/** The Jacobian's of `--unit`. @throws UserError where an option is missing. */
export async function tellUnitSpectrum(context: Context): Promise<number> {
  const { lab, engine, words, output, json } = context
  // Images of a data set, and weights that are no file, are the lab's to find; files need the engine alone.
  if (words.text('data') !== undefined || hasOwnNetwork(words)) return tellKept(context)
  const [to, part, image] = [words.text('to'), words.text('part') as Question['part'], words.whole('image')]
  const question: Question = {
    ...{
      network: await anyNetwork(lab, needed(words, 'network', UNIT)),
      unit: needed(words, 'unit', UNIT),
      batch: path.resolve(needed(words, 'batch', UNIT)),
    },
    weights: path.resolve(words.argument('FILE')),
    ...givenMap(words),
    ...searchOf(words),
    ...(to !== undefined && { to }),
    ...(part !== undefined && { part }),
    ...(image !== undefined && { image }),
  }
  const found = await engine().request('networks.spectrum', question)
  output.print(json ? jsonLine(spectrumFields(found)) : text(found))
  return 0
}

/** How one piece is looked at: more closely than each of all units. */
const ONE_PIECE = { exactUpTo: 3000, tolerance: 1e-3, steps: 200, probes: 8 } as const

/** The same at images of a data set or a file, by weights that may have their network with them. */
async function tellKept({ lab, words, output, json }: Context): Promise<number> {
  const [unit, network] = [needed(words, 'unit', UNIT), words.text('network')]
  const isBranch = words.text('part') === 'branch'
  const question: JobInput<'networks.jacobians'> = {
    ...(network !== undefined && { network: await anyNetwork(lab, network) }),
    ...{ weights: weightsOf(words), points: pointsOf(words), pieces: [{ from: unit, to: words.text('to') ?? unit }] },
    ...{ withBranch: isBranch, ...ONE_PIECE, ...searchOf(words) },
  }
  const { pieces, mode } = await finishJob(output, json, (tell) => lab().start('networks.jacobians', question, tell))
  const { spectrum, branch } = pieces[0]!
  if (isBranch && !branch)
    throw new UserError('it adds nothing to its input, so it has no branch', {
      place: `unit "${unit}"`,
      remedy: 'ask for the whole',
    })
  const found = { ...(isBranch ? branch! : spectrum), mode }
  output.print(json ? jsonLine(spectrumFields(found)) : text(found))
  return 0
}

/** The images at which a network is linearised. @throws UserError where it says none, or two. */
export function pointsOf(words: Parsed): JobInput<'networks.jacobians'>['points'] {
  const [batch, data] = [words.text('batch'), words.text('data')]
  if ((batch === undefined) === (data === undefined))
    throw new UserError('a Jacobian is taken at images', { place: 'spectrum', remedy: 'add either --batch FILE or --data NAME' })
  const [image, count, split] = [words.whole('image'), words.whole('count', 1), words.text('split')]
  const from = image !== undefined && { image }
  const pixels = pixelsOf(words)
  if (batch !== undefined && (pixels.mean ?? pixels.std))
    throw new UserError('the images of a file are taken as they are', {
      place: '--mean and --std',
      remedy: 'leave them out, or name a data set with --data',
    })
  if (batch !== undefined) return { ...from, file: path.resolve(batch) }
  return { ...from, data: data!, ...(split !== undefined && { split }), ...(count !== undefined && { count }), ...pixels }
}

/** How it is looked for, as far as that is said. */
export function searchOf(words: Parsed): Pick<Question, 'mode' | 'exactUpTo' | 'tolerance' | 'steps' | 'probes'> {
  const options = {
    mode: words.text('mode'),
    exactUpTo: words.whole('exact'),
    tolerance: words.number('tolerance'),
    steps: words.whole('steps', 1),
    probes: words.whole('probes'),
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** A spectrum as the command line says it in JSON. */
export function spectrumFields({ singularValues, density, isConverged, ...found }: Omit<Answer, 'mode'>): object {
  return {
    ...(singularValues && { singular_values: shortestSingles(singularValues) }),
    ...found,
    converged: isConverged,
    ...(density && { density: { ...density, ...lists(density) } }),
  }
}

const lists = ({ edges, share, deviation }: NonNullable<Answer['density']>): object => ({
  ...{ edges: [...edges], share: [...share], deviation: [...deviation] },
})

function text(found: Answer): string {
  if (found.singularValues)
    return shortestSingles(found.singularValues)
      .map((value) => `${figure(value)}\n`)
      .join('')
  const { largest, smallest, frobenius, rows, columns, iterations, isConverged, density, mode } = found
  const line = (name: string, { value, error }: { value: number; error: number }): string =>
    `${name} ${figure(value)}, to within ${figure(error)}`
  const at = mode === 'inference' ? 'at one image' : 'over the batch'
  return [
    `a map of ${columns} values to ${rows} ${at}, by ${iterations} steps of Lanczos${isConverged ? '' : ', not yet at the tolerance'}`,
    ...[line('largest', largest), line('smallest', smallest), line('frobenius', frobenius)],
    ...(density ? densityLines(density) : []),
    '',
  ].join('\n')
}

/** Bins that hold anything worth a line. */
function densityLines({ edges, share, deviation }: NonNullable<Answer['density']>): string[] {
  const bins = Array.from(share, (value, i) => ({ value, i })).filter(({ value }) => value >= 0.001)
  return bins.map(
    ({ value, i }) => `${figure(edges[i]!)} to ${figure(edges[i + 1]!)}: ${percent(value)} ± ${percent(deviation[i]!)}`,
  )
}
