import type { JacobianAnswer, JobInput } from '../../shared/api'
import { type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { figure, percent, table } from '../text/format'
import { anyNetwork } from './network-choice'
import { weightsOf } from './network-spectra'
import { pointsOf, searchOf, spectrumFields } from './unit-spectrum'

type Question = JobInput<'networks.jacobians'>

/** The Jacobians of all units: a line each, and what was asked of them together. @throws UserError where it says no images. */
export async function tellAllUnits(context: Context): Promise<number> {
  const { lab, output, json } = context
  const question = await questionOf(context)
  const answer = await finishJob(output, json, (tell) => lab().start('networks.jacobians', question, tell))
  output.print(json ? lines(answer).map(jsonLine).join('') : text(answer))
  const { seconds, peakMb, graphs, pieces } = answer
  if (question.alignment && answer.alignment.length === 0)
    output.say('Note: no two blocks with a skip have one shape, so there is nothing that could be aligned.\n')
  output.say(`${pieces.length} units by ${graphs} graphs in ${seconds.toFixed(1)} s, at most ${Math.round(peakMb)} MB.\n`)
  return 0
}

async function questionOf({ lab, words }: Context): Promise<Question> {
  const network = words.text('network')
  return {
    ...(network !== undefined && { network: await anyNetwork(lab, network) }),
    weights: weightsOf(words),
    points: pointsOf(words),
    withBranch: words.text('part') === 'branch',
    alignment: words.whole('alignment') ?? 0,
    partialProbes: words.whole('partial') ?? 0,
    ...searchOf(words),
  }
}

function lines({ pieces, mode, images, alignment, partial }: JacobianAnswer): object[] {
  return [
    ...pieces.map(({ name, kind, spectrum, branch, hasIdentity }) => ({
      ...{ unit: name, kind, mode, images, identity: hasIdentity },
      ...spectrumFields(spectrum),
      ...(branch && { branch: spectrumFields(branch) }),
    })),
    ...alignment.map(({ blocks, vectors, ...matrices }) => ({
      alignment: blocks,
      vectors,
      ...Object.fromEntries(Object.entries(matrices).map(([name, values]) => [name, [...values]])),
    })),
    ...(partial
      ? [{ partial_norms: [...partial.norms], deviation: [...partial.deviation], boundaries: partial.boundaries }]
      : []),
  ]
}

function text({ pieces, alignment, partial }: JacobianAnswer): string {
  const bounded = ({ value, error }: { value: number; error: number }): string => `${figure(value)} ± ${figure(error)}`
  const hasBranch = pieces.some(({ branch }) => branch)
  const rows = pieces.map(({ name, spectrum, branch }, i) => [
    name,
    bounded(spectrum.largest),
    bounded(spectrum.smallest),
    bounded(spectrum.frobenius),
    ...(hasBranch ? BRANCH.map(([, name]) => (branch ? bounded(branch[name]) : '–')) : []),
    ...(partial ? [figure(partial.norms[i]!)] : []),
  ])
  const heading = [
    'unit',
    'largest',
    'smallest',
    'Frobenius',
    ...(hasBranch ? BRANCH.map(([heading]) => heading) : []),
    ...(partial ? ['partial norm'] : []),
  ]
  return table([heading, ...rows]) + (alignment.length > 0 ? `\n${table([ALIGNED, ...alignment.map(alignedRow)])}` : '')
}

/** Of F in x + F(x), beside the whole unit. */
const BRANCH = [
  ['branch alone: largest', 'largest'],
  ['smallest', 'smallest'],
  ['Frobenius', 'frobenius'],
] as const

const ALIGNED = [
  'blocks of one shape',
  'directions',
  'left, neighbours',
  'all',
  'right, neighbours',
  'all',
  'through, neighbours',
  'all',
]

/** Blocks of one shape: means over pairs of neighbours, and over all pairs. */
function alignedRow({ blocks, vectors, left, right, through }: JacobianAnswer['alignment'][number]): string[] {
  const n = blocks.length
  const mean = (matrix: Float32Array, isPair: (i: number, j: number) => boolean): string => {
    const found = Array.from(matrix).filter((_, at) => isPair(Math.floor(at / n), at % n))
    return percent(found.reduce((sum, value) => sum + value, 0) / found.length)
  }
  const shares = [left, right, through].flatMap((matrix) => [
    mean(matrix, (i, j) => Math.abs(i - j) === 1),
    mean(matrix, (i, j) => i !== j),
  ])
  return [`${blocks[0]} to ${blocks[n - 1]}`, String(vectors), ...shares]
}
