import path from 'node:path'
import type { JobInput, LayerChangeAnswer } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { shortestSingles } from '../../shared/float32'
import { changeWords, clippingWords, type KernelChange } from '../../shared/spectra/change'
import { type ChangeRow, changeRows } from '../../shared/spectra/change-rows'
import { lostDirections } from '../../shared/spectra/lost-directions'
import { figure, table } from '../text/format'
import type { Option, Parsed } from './arguments'
import { type Context, jsonLine } from './command'
import { finishJob } from './follow-job'
import { initialOptions } from './initial-weights'
import { needed } from './needed'
import { anyNetwork } from './network-choice'
import { hasOwnNetwork, layerFields, weightsOf } from './network-spectra'
import { mapOption } from './weight-map'

/** What the commands that change a kernel take where it is the layer of a network. */
export const layerOptions: readonly Option[] = [
  { name: 'layer', value: 'NAME', description: 'a network: its layer, stage1.block1.conv1' },
  { name: 'network', value: 'NET', description: 'the network that the weights of a file are of' },
  mapOption,
  ...initialOptions('initial:SEED: '),
  {
    name: 'data',
    value: 'NAME',
    description: 'a network: the data set on which ratios and accuracy are measured before and after',
  },
  { name: 'split', value: 'NAME', description: 'a network: the split whose accuracy is told (test)' },
  {
    name: 'keep',
    value: 'TITLE',
    description: 'a network: keeps it with the changed weights in the library, from where a run can begin',
  },
]

/** Whether a network's layer is to be changed rather than a kernel of a file. */
export const changesNetwork = (words: Parsed): boolean => words.text('network') !== undefined || hasOwnNetwork(words)

/** @throws UserError where a file alone was given together with words that a network is needed for. */
export function refuseLayerOptions(words: Parsed): void {
  for (const { name } of layerOptions)
    if (words.flag(name))
      throw new UserError('the network that the weights are of is missing', {
        place: `--${name}`,
        remedy: 'add --network NET, or name a run or an item of the library in place of the file',
      })
}

/** Changes a layer, and tells its spectrum, the ratios and the accuracy before and after. @throws UserError where it says no layer. */
export async function tellLayerChange(context: Context, change: KernelChange): Promise<number> {
  const { lab, output, json } = context
  const question = await questionOf(context, change)
  const answer = await finishJob(output, json, (tell) => lab().start('kernels.change-layer', question, tell))
  output.print(json ? jsonLine(fields(question, change, answer)) : text(question, change, answer))
  if (!json) output.say(sayings(question, answer))
  return 0
}

async function questionOf({ lab, words }: Context, change: KernelChange): Promise<JobInput<'kernels.change-layer'>> {
  const layer = needed(words, 'layer', 'a change of a network')
  for (const name of ['tensor', 'size', 'groups', 'dilation'])
    if (words.text(name) !== undefined)
      throw new UserError('a layer of a network says that itself', { place: `--${name}`, remedy: 'leave it out' })
  const [net, data, split] = [words.text('network'), words.text('data'), words.text('split')]
  const [keep, out] = [words.text('keep'), words.text('out')]
  if (split !== undefined && data === undefined)
    throw new UserError('a split is one of a data set', { place: '--split', remedy: 'add --data NAME' })
  return {
    ...(net !== undefined && { network: await anyNetwork(lab, net) }),
    ...{ weights: weightsOf(words), layer, change },
    ...(data !== undefined && { data }),
    ...(split !== undefined && { split }),
    ...(keep !== undefined && { keep }),
    ...(out !== undefined && { out: path.resolve(out) }),
  }
}

type Question = JobInput<'kernels.change-layer'>

function fields(
  { layer, out }: Question,
  change: KernelChange,
  { before, after, rank, fullRank, clipping, ratios, test, item }: LayerChangeAnswer,
): object {
  const side = (which: 'before' | 'after'): object => ({
    ...layerFields(which === 'before' ? before : after),
    ...(ratios && { ratios: shortestSingles(ratios[which]) }),
    ...(test && { test_accuracy: test[which].accuracy, test_loss: test[which].loss }),
  })
  return {
    ...{ layer, change, before: side('before'), after: side('after'), rank, full_rank: fullRank },
    ...(clipping && { clipping }),
    ...(ratios && { units: ratios.units.map(({ name }) => name) }),
    ...(item !== null && { item }),
    ...(out !== undefined && { out }),
  }
}

const FORMS: Readonly<Record<ChangeRow['form'], (value: number) => string>> = {
  ...{ value: figure, ratio: figure, loss: figure },
  share: (value) => `${(100 * value).toFixed(2)} %`,
}

function text({ layer }: Question, change: KernelChange, answer: LayerChangeAnswer): string {
  const rows = changeRows(answer).map(({ what, form, before, after }) => {
    return [what, ...[before, after].map((value) => (value === null ? '–' : FORMS[form](value)))]
  })
  return table([[`${layer} ${changeWords(change)}`, 'before', 'after'], ...rows])
}

function sayings({ data, out }: Question, answer: LayerChangeAnswer): string {
  const { item } = answer
  const lost = lostDirections(answer)
  return [
    ...(answer.clipping ? [clippingWords(answer.clipping, figure)] : []),
    ...(lost === '' ? [] : [`Note: ${lost}`]),
    ...(data === undefined ? ['With --data NAME the ratios of the units and the accuracy are measured too.'] : []),
    ...(item === null
      ? []
      : [
          `Item ${item} of the library has the changed weights: normlab train library:${item} --weights library:${item} goes on from them.`,
        ]),
    ...(out === undefined ? [] : [`The changed weights: ${out}`]),
    '',
  ].join('\n')
}
