import type { SubscriptionInput } from '../../shared/api'
import { criticalWords } from '../../shared/architecture'
import { Initialiser } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import type { InitialEvent } from '../../shared/initial-measures'
import { shortestSingles } from '../../shared/float32'
import { identityWords } from '../../shared/norms/identity'
import type { EngineAlone } from '../lab'
import { normFields, signalFields } from '../lab/json-records'
import { type Command, jsonLine } from './command'
import { figure, table } from '../text/format'
import { anyNetwork, netArgument } from './network-choice'
import { initialTable, signalTable } from './ratio-table'

type Measured = Extract<InitialEvent, { state: 'measured' }>

export const measure: Command = {
  words: 'measure',
  description: 'the ratios of a network before any training, without and with the projection of its stem and transitions',
  arguments: [netArgument],
  options: [
    { name: 'data', value: 'NAME', description: 'data set (shapes10)' },
    { name: 'batch', value: 'N', description: 'images (8)' },
    { name: 'seed', value: 'N', description: 'seed of initialisation and of the batch (1)' },
    { name: 'init', value: Initialiser.options.join('|'), description: 'initialisation (he-fan-in)' },
    { name: 'bias-deviation', value: 'D', description: 'standard deviation of the biases’ initial values (0)' },
    { name: 'lsuv', description: 'scaled to unit variance layer by layer, on the batch' },
  ],
  examples: ['normlab measure proc-resnet:blocks=3', 'normlab measure net.json --init orthogonal --json'],
  async run({ lab, engine, words, output, json }) {
    const [data, batch, seed] = [words.text('data'), words.whole('batch', 2), words.whole('seed')]
    const init = words.text('init') as Initialiser | undefined
    const biasDeviation = words.number('bias-deviation')
    const question = {
      network: await anyNetwork(lab, words.argument('NET')),
      ...(data !== undefined && { data }),
      ...(batch !== undefined && { batch }),
      ...(seed !== undefined && { seed }),
      ...(init !== undefined && { init }),
      ...(biasDeviation !== undefined && { biasDeviation }),
      ...(words.flag('lsuv') && { lsuv: true }),
    }
    const found = await answer(engine(), question)
    output.print(json ? jsonLine(fields(found)) : text(found))
    return 0
  },
}

function answer(engine: EngineAlone, question: SubscriptionInput<'networks.initial'>): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const release = engine.subscribe('networks.initial', question, (event) => {
      if (event.state === 'working') return
      release()
      if (event.state === 'measured') resolve(event)
      else reject(new UserError(event.message))
    })
  })
}

function fields({ units, plain, predicted, critical, projected, kernels, seconds }: Measured): object {
  const state = ({ loss, norms, ratios, signal }: Measured['plain']): object => ({
    ...{ loss, norms: shortestSingles(norms), ratios: shortestSingles(ratios), ...normFields(norms, units) },
    signal: signal && signalFields(signal),
  })
  const told = { plain: state(plain), predicted: predicted && { signal: signalFields(predicted) }, critical }
  return { units, ...told, projected: projected && state(projected), kernels, seconds }
}

function text({ units, plain, predicted, critical, projected, kernels }: Measured): string {
  const rows = kernels.map(({ layer, before, reached, after }) => [layer, ...[...before, ...reached, after].map(figure)])
  const identities = plain.signal && identityWords(plain.ratios, plain.signal)
  const notes = [...(identities ? [identities] : []), ...criticalWords(critical)].map((words) => `\n${words}\n`).join('')
  const head = ['singular values', 'largest', 'least', 'projected: largest', 'least', 'aim']
  return `${initialTable(units, plain, projected)}${signalTable(units, plain.signal, predicted)}${notes}${rows.length > 0 ? `\n${table([head, ...rows])}` : ''}`
}
