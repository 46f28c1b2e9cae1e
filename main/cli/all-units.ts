import type { JacobianAnswer, JobInput } from '../../shared/api'
import { type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { figure, table } from './format'
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

function text({ pieces, partial }: JacobianAnswer): string {
  const bounded = ({ value, error }: { value: number; error: number }): string => `${figure(value)} ± ${figure(error)}`
  const hasBranch = pieces.some(({ branch }) => branch)
  const rows = pieces.map(({ name, spectrum, branch }, i) => [
    name,
    bounded(spectrum.largest),
    bounded(spectrum.smallest),
    bounded(spectrum.frobenius),
    ...(hasBranch ? [branch ? bounded(branch.largest) : '–'] : []),
    ...(partial ? [figure(partial.norms[i]!)] : []),
  ])
  const heading = [
    'unit',
    'largest',
    'smallest',
    'Frobenius',
    ...(hasBranch ? ['branch'] : []),
    ...(partial ? ['partial norm'] : []),
  ]
  return table([heading, ...rows])
}
