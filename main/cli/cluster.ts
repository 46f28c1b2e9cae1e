import { readFileSync } from 'node:fs'
import type { PlaceCheck } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { type PlaceProfile, PlaceToken, shareOf } from '../../shared/places/profile'
import { table } from '../text/format'
import { type Option, type Parsed, wholeNumber } from './arguments'
import { profileOptions, readProfile } from './cluster-profile'
import { type Command, type Context, jsonLine } from './command'

const name = { name: 'NAME', description: 'what the place is called here' }

const token: Option = {
  name: 'token',
  value: 'FILE',
  description: 'Ray’s token, from a file, or from standard input where FILE is -; it is kept in the data folder, for you alone',
}

const add: Command = {
  words: 'cluster add',
  description:
    'keeps the profile of a Slurm cluster that is reached over ssh, or of a Ray cluster; again, it changes what is given',
  arguments: [name],
  options: [...profileOptions.map(({ field: _, read: _read, ...option }) => option), token],
  examples: [
    'normlab cluster add hpc --host login.example.org --partition gpu --account abc --time 12:00 --cpus 8 --gpus 1',
    'normlab cluster add hpc --modules cuda/12.4 --folder /scratch/me/normlab --command /scratch/me/NormLab/normlab',
    'normlab cluster add ray --address http://localhost:8265 --token ~/.ray/auth_token --folder /shared/normlab',
  ],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const called = words.argument('NAME')
    const known = (await lab.request('places.list', {})).find((one) => one.name === called)
    const profile = readProfile(words, called, known)
    const file = words.text('token')
    await lab.request('places.save', { profile, ...(file !== undefined && { token: readToken(file) }) })
    output.print(json ? jsonLine(profile) : profileText(profile))
    return 0
  },
}

/** @throws UserError where it is no file of one word. */
function readToken(file: string): string {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  } catch (error) {
    throw new UserError(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, { place: `--token ${file}` })
  }
  if (!PlaceToken.safeParse(text).success || text === '')
    throw new UserError('it does not hold one word', {
      place: `--token ${file}`,
      remedy: 'name a file with the token and nothing else',
    })
  return text
}

const list: Command = {
  words: 'cluster list',
  description: 'the clusters that experiments can be sent to',
  examples: ['normlab cluster list'],
  async run({ lab, output, json }) {
    const all = await lab().request('places.list', {})
    if (json) for (const profile of all) output.print(jsonLine(profile))
    else if (all.length === 0)
      output.say('There is none yet; add one: normlab cluster add NAME --host HOST, or --address URL for Ray\n')
    else
      output.print(
        table([['name', 'kind', 'at', 'a task'], ...all.map((one) => [one.name, one.kind, atWords(one), taskWords(one)])]),
      )
    return 0
  },
}

const show: Command = {
  words: 'cluster show',
  description: 'a cluster’s profile',
  arguments: [name],
  examples: ['normlab cluster show hpc'],
  async run(context) {
    const profile = await profileOf(context)
    context.output.print(context.json ? jsonLine(profile) : profileText(profile))
    return 0
  },
}

const check: Command = {
  words: 'cluster check',
  description: 'connects to a cluster and looks whether all is there that a grid needs',
  arguments: [name],
  examples: ['normlab cluster check hpc'],
  async run({ lab, words, output, json }) {
    const checks = await lab().request('places.check', { name: words.argument('NAME') })
    const sign: Record<PlaceCheck['state'], string> = { fine: 'ok', fault: 'fault', unknown: '?' }
    if (json) for (const one of checks) output.print(jsonLine(one))
    else output.print(table(checks.map(({ name: what, state, text }) => [sign[state], what, text])))
    return checks.every(({ state }) => state !== 'fault') ? 0 : 1
  },
}

const remove: Command = {
  words: 'cluster remove',
  description: 'forgets a cluster’s profile; what was sent there goes on and is followed to its end',
  arguments: [name],
  examples: ['normlab cluster remove hpc'],
  async run({ lab, words, output, json }) {
    const called = words.argument('NAME')
    await lab().request('places.remove', { name: called })
    output.print(json ? jsonLine({ removed: called }) : `${called} is forgotten.\n`)
    return 0
  },
}

const cancel: Command = {
  words: 'cluster cancel',
  description: 'ends what of an experiment is at a cluster; its records until then stay',
  arguments: [{ name: 'EXPERIMENT', description: 'its number; see normlab experiments' }],
  examples: ['normlab cluster cancel 4'],
  async run({ lab, words, output, json }) {
    const id = wholeNumber(words.argument('EXPERIMENT'), 'EXPERIMENT', 1)
    await lab().request('experiments.cancel', { id })
    output.print(json ? jsonLine({ cancelled: id }) : `What of experiment ${id} was at a cluster is cancelled.\n`)
    return 0
  },
}

async function profileOf({ lab, words }: Pick<Context, 'lab'> & { readonly words: Parsed }): Promise<PlaceProfile> {
  const called = words.argument('NAME')
  const all = await lab().request('places.list', {})
  const found = all.find((one) => one.name === called)
  if (found) return found
  throw new UserError(`there is no cluster "${called}"`, {
    place: 'NAME',
    remedy:
      all.length > 0 ? `there are ${all.map((one) => one.name).join(', ')}` : 'add one: normlab cluster add NAME --host HOST',
  })
}

const atWords = (profile: PlaceProfile): string => (profile.kind === 'ray' ? profile.address : profile.host)

/** `4 cores, 1 GPU, 12:00 hours` */
function taskWords(profile: PlaceProfile): string {
  const { cpus, gpus, minutes } = shareOf(profile)
  return [
    `${cpus} ${cpus === 1 ? 'core' : 'cores'}`,
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    ...(minutes === null ? [] : [`${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} hours`]),
  ].join(', ')
}

function profileText(profile: PlaceProfile): string {
  const rows = Object.entries(profile).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  return table(rows.map(([field, value]) => [field, Array.isArray(value) ? value.join(' ') : String(value)]))
}

export const clusterCommands: readonly Command[] = [add, list, show, check, remove, cancel]
