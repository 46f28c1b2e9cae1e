import path from 'node:path'
import type { RequestInput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import type { EngineAlone } from '../lab'
import { type Command, type Context, jsonLine } from './command'
import { grouped } from '../text/format'
import { initialOf, initialOptions, refuseInitialOptions } from './initial-weights'
import { anyNetwork } from './network-choice'

export const weights: Command = {
  words: 'weights',
  description: 'writes parameters as safetensors: a network’s initial values, or those of a run’s newest checkpoint',
  arguments: [
    {
      name: 'NET',
      description: 'a preset with options, a network document’s file, library:ID, or run:ID; none with --run',
      optional: true,
    },
  ],
  options: [
    { name: 'out', value: 'FILE', description: 'the file to write', required: true },
    { name: 'run', value: 'ID', description: 'the run whose newest checkpoint to take' },
    { name: 'seed', value: 'N', description: 'seed of the initial values (1)' },
    ...initialOptions('initial values: '),
  ],
  examples: ['normlab weights proc-resnet:blocks=3 --seed 5 --out w.safetensors', 'normlab weights --run 3 --out w.safetensors'],
  async run(context) {
    const { lab, engine, words, output, json } = context
    const out = path.resolve(words.text('out')!)
    const from = await source(context)
    // What a run or the library keeps is the lab's to find.
    const asked: Pick<EngineAlone, 'request'> = 'network' in from ? engine() : lab()
    const written = await asked.request('weights.export', { from, out })
    // A run's name where a network is asked for means that of the run, at its start.
    const which = 'network' in from ? `initial values, seed ${from.seed}` : 'the run’s newest checkpoint'
    const sentence = `${grouped(written.parameters)} parameters in ${grouped(written.tensors)} tensors, ${which}: ${written.path}\n`
    output.print(json ? jsonLine(written) : sentence)
    return 0
  },
}

async function source({ lab, words }: Context): Promise<RequestInput<'weights.export'>['from']> {
  const run = words.whole('run', 1)
  const [net] = words.arguments('NET')
  const seed = words.whole('seed')
  if ((net === undefined) === (run === undefined))
    throw new UserError('either NET or --run says whose parameters', {
      place: 'normlab weights',
      remedy: `for example ${weights.examples[0]}`,
    })
  if (run === undefined) return { network: await anyNetwork(lab, net!), ...initialOf(words, seed ?? 1) }
  if (seed !== undefined) throw new UserError('it is for initial values', { place: '--seed with --run', remedy: 'leave it out' })
  refuseInitialOptions(words, '--run')
  return { run }
}
