import type { PlaceCheck } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { type PlaceProfile, SlurmProfile } from '../../shared/places/profile'
import { table } from '../text/format'
import { type Option, type Parsed, wholeNumber } from './arguments'
import { type Command, type Context, jsonLine } from './command'

const name = { name: 'NAME', description: 'what the place is called here' }

/** Fields of a profile by their options. */
const options: readonly (Option & {
  readonly field: keyof SlurmProfile
  readonly read?: (text: string, place: string) => unknown
})[] = [
  {
    name: 'host',
    value: 'HOST',
    description: 'the login node, as ssh knows it: a host or an alias of ~/.ssh/config',
    field: 'host',
  },
  { name: 'user', value: 'NAME', description: 'user there (as ssh’s configuration says)', field: 'user' },
  { name: 'port', value: 'N', description: 'ssh’s port there (as ssh’s configuration says)', field: 'port', read: count },
  { name: 'partition', value: 'NAME', description: 'Slurm’s partition (the cluster’s usual one)', field: 'partition' },
  { name: 'account', value: 'NAME', description: 'Slurm’s account (the user’s usual one)', field: 'account' },
  { name: 'time', value: 'H:MM', description: 'of a task, hours and minutes; a run that is not done by then goes on in another (1:00)', field: 'minutes', read: minutes }, // prettier-ignore
  { name: 'cpus', value: 'N', description: 'cores of a task, and threads of its run (1)', field: 'cpus', read: count },
  {
    name: 'gpus',
    value: 'N',
    description: 'GPUs of a task (0)',
    field: 'gpus',
    read: (text, place) => wholeNumber(text, place, 0),
  },
  { name: 'memory', value: 'GB', description: 'of a task (what the cluster gives)', field: 'memory', read: megabytes },
  { name: 'modules', value: 'A,B', description: 'loaded before each task, as by `module load`', field: 'modules', read: (text) => text.split(',') }, // prettier-ignore
  { name: 'container', value: 'WORDS', description: 'what stands before the command: "apptainer exec --nv /images/normlab.sif"', field: 'container' }, // prettier-ignore
  { name: 'folder', value: 'DIR', description: 'for grids, on a file system that all nodes share; from the home folder without a slash (normlab)', field: 'folder' }, // prettier-ignore
  { name: 'command', value: 'WORDS', description: 'what is `normlab` there (normlab)', field: 'command' },
]

function count(text: string, place: string): number {
  return wholeNumber(text, place, 1)
}

function minutes(text: string, place: string): number {
  const [, hours, rest] = /^(\d+):([0-5]?\d)$/.exec(text) ?? []
  if (hours === undefined) throw new UserError(`"${text}" is no time`, { place, remedy: 'write hours and minutes, as in 12:30' })
  return Number(hours) * 60 + Number(rest)
}

function megabytes(text: string, place: string): number {
  const gigabytes = Number(text)
  if (!(gigabytes > 0)) throw new UserError(`"${text}" is no size`, { place, remedy: 'write gigabytes, as in 16' })
  return Math.ceil(gigabytes * 1000)
}

const add: Command = {
  words: 'cluster add',
  description: 'keeps the profile of a Slurm cluster that is reached over ssh; again, it changes what is given',
  arguments: [name],
  options: options.map(({ field: _, read: _read, ...option }) => option),
  examples: [
    'normlab cluster add hpc --host login.example.org --partition gpu --account abc --time 12:00 --cpus 8 --gpus 1',
    'normlab cluster add hpc --modules cuda/12.4 --folder /scratch/me/normlab --command /scratch/me/NormLab/normlab',
  ],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const called = words.argument('NAME')
    const known = (await lab.request('places.list', {})).find((one) => one.name === called)
    const given = Object.fromEntries(
      options.flatMap(({ name: option, field, read }) => {
        const text = words.text(option)
        return text === undefined ? [] : [[field, read ? read(text, `--${option}`) : text]]
      }),
    )
    if (!known && given['host'] === undefined)
      throw new UserError('a cluster has a login node', {
        place: '--host',
        remedy: 'give its host, or its alias in ~/.ssh/config',
      })
    const profile = SlurmProfile.safeParse({ ...known, ...given, kind: 'slurm', name: called })
    if (!profile.success) {
      const { path, message } = complaintOf(profile.error)
      const option = options.find(({ field }) => field === path[0])
      throw new UserError(message, { place: option ? `--${option.name}` : 'NAME' })
    }
    await lab.request('places.save', { profile: profile.data })
    output.print(json ? jsonLine(profile.data) : profileText(profile.data))
    return 0
  },
}

const list: Command = {
  words: 'cluster list',
  description: 'the clusters that experiments can be sent to',
  examples: ['normlab cluster list'],
  async run({ lab, output, json }) {
    const all = await lab().request('places.list', {})
    if (json) for (const profile of all) output.print(jsonLine(profile))
    else if (all.length === 0) output.say('There is none yet; add one: normlab cluster add NAME --host HOST\n')
    else
      output.print(
        table([['name', 'kind', 'host', 'a task'], ...all.map((one) => [one.name, one.kind, one.host, taskWords(one)])]),
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

/** `4 cores, 1 GPU, 12:00 hours` */
function taskWords({ cpus, gpus, minutes: time }: PlaceProfile): string {
  const hours = `${Math.floor(time / 60)}:${String(time % 60).padStart(2, '0')} hours`
  return [
    `${cpus} ${cpus === 1 ? 'core' : 'cores'}`,
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    hours,
  ].join(', ')
}

function profileText(profile: PlaceProfile): string {
  const rows = Object.entries(profile).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  return table(rows.map(([field, value]) => [field, Array.isArray(value) ? value.join(' ') : String(value)]))
}

export const clusterCommands: readonly Command[] = [add, list, show, check, remove, cancel]
