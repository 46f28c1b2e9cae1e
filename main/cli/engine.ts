import path from 'node:path'
import type { Engines, EngineUse } from '../../shared/api'
import { size, table } from '../text/format'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'

const device = { name: 'device', value: 'gpu|cpu', description: 'what the engine computes on (gpu)' } as const
const deviceOf = (text: string | undefined): 'cpu' | 'gpu' => (text === 'cpu' ? 'cpu' : 'gpu')

const NAMES: Readonly<Record<Engines['used'], string>> = {
  inside: 'the one inside NormLab',
  named: 'the one that NORMLAB_TENSORFLOW names',
  cpu: 'the installed one for the CPU',
  gpu: 'the installed one for a GPU',
}

/** Which engine is used, and what is installed, as lines. */
function told(engines: Engines): string {
  const { used, why, installed, tensorflow } = engines
  const rows = installed.map(({ kind, bytes, problem }) => [kind, size(bytes), problem ?? (kind === used ? 'in use' : 'whole')])
  return `Used is ${NAMES[used]}: ${why}. TensorFlow ${tensorflow}.\n` + (rows.length > 0 ? table(rows) : 'No other is installed.\n') // prettier-ignore
}

const list: Command = {
  words: 'engine list',
  description: 'which engine (TensorFlow with its libraries) is used, and which others are installed in the data folder',
  examples: ['normlab engine list'],
  async run({ engine, output, json }) {
    const engines = await engine().request('engine.list', {})
    output.print(json ? jsonLine(engines) : told(engines))
    return 0
  },
}

const use: Command = {
  words: 'engine use',
  description: 'chooses the engine: auto is the installed one for a GPU where the machine has one, else the one inside NormLab',
  arguments: [{ name: 'ENGINE', description: 'auto, inside, gpu or cpu' }],
  examples: ['normlab engine use auto', 'normlab engine use inside'],
  async run({ engine, words, output, json }) {
    const engines = await engine().request('engine.use', { use: words.argument('ENGINE') as EngineUse })
    output.print(json ? jsonLine(engines) : told(engines))
    return 0
  },
}

const install: Command = {
  words: 'engine install',
  description: 'installs an engine from a file; it is held against its hashes and tried before it is used, and needs no network',
  arguments: [{ name: 'FILE', description: 'what `normlab engine pack` wrote' }],
  examples: ['normlab engine install gpu.normlab-engine'],
  async run({ engine, words, output, json }) {
    const file = path.resolve(words.argument('FILE'))
    const { kind, engines } = await finishJob(
      output,
      json,
      (tell) => engine().start('engine.install', { file }, tell),
      'nothing of it was kept',
    )
    output.print(json ? jsonLine(engines) : `The engine for the ${kind.toUpperCase()} is installed. ${told(engines)}`)
    return 0
  },
}

const fetch: Command = {
  words: 'engine fetch',
  description: 'fetches an engine from the Python package index (3.3 GB for a GPU) and installs it',
  options: [device],
  examples: ['normlab engine fetch', 'normlab engine fetch --device cpu'],
  async run({ engine, words, output, json }) {
    const kind = deviceOf(words.text('device'))
    const { engines } = await finishJob(
      output,
      json,
      (tell) => engine().start('engine.fetch', { kind }, tell),
      'nothing of it was kept',
    )
    output.print(json ? jsonLine(engines) : `The engine for the ${kind.toUpperCase()} is installed. ${told(engines)}`)
    return 0
  },
}

const pack: Command = {
  words: 'engine pack',
  description: 'fetches an engine from the Python package index and writes it into one file, for machines without a network',
  options: [device, { name: 'out', value: 'FILE', description: 'the file', required: true }],
  examples: ['normlab engine pack --out gpu.normlab-engine'],
  async run({ engine, words, output, json }) {
    const kind = deviceOf(words.text('device'))
    const out = path.resolve(words.text('out')!)
    const written = await finishJob(
      output,
      json,
      (tell) => engine().start('engine.pack', { kind, out }, tell),
      'nothing was written',
    )
    output.print(json ? jsonLine(written) : `${size(written.bytes)} are in ${written.path}. There: normlab engine install ${path.basename(out)}\n`) // prettier-ignore
    return 0
  },
}

const remove: Command = {
  words: 'engine remove',
  description: 'takes an installed engine away; the one inside NormLab is used then',
  options: [{ ...device, description: 'which one (gpu)' }],
  examples: ['normlab engine remove', 'normlab engine remove --device cpu'],
  async run({ engine, words, output, json }) {
    const engines = await engine().request('engine.remove', { kind: deviceOf(words.text('device')) })
    output.print(json ? jsonLine(engines) : `It is gone. ${told(engines)}`)
    return 0
  },
}

export const engineCommands: readonly Command[] = [list, use, install, fetch, pack, remove]
