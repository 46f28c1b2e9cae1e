import { UserError } from '../../shared/errors'
import { complaintOf } from '../../shared/plain-words'
import { type PlaceProfile, RayProfile, SlurmProfile } from '../../shared/places/profile'
import { type Option, type Parsed, wholeNumber } from './arguments'

/** A field of a profile by its option. */
interface ProfileOption extends Option {
  readonly field: string
  readonly read?: (text: string, place: string) => unknown
}

export const profileOptions: readonly ProfileOption[] = [
  {
    name: 'host',
    value: 'HOST',
    description: 'the login node, as ssh knows it: a host or an alias of ~/.ssh/config',
    field: 'host',
  },
  { name: 'address', value: 'URL', description: 'of a Ray head’s dashboard: http://localhost:8265', field: 'address' },
  { name: 'user', value: 'NAME', description: 'user there (as ssh’s configuration says)', field: 'user' },
  { name: 'port', value: 'N', description: 'ssh’s port there (as ssh’s configuration says)', field: 'port', read: count },
  { name: 'partition', value: 'NAME', description: 'Slurm’s partition (the cluster’s usual one)', field: 'partition' },
  { name: 'account', value: 'NAME', description: 'Slurm’s account (the user’s usual one)', field: 'account' },
  { name: 'qos', value: 'NAME', description: 'Slurm’s quality of service (the cluster’s usual one)', field: 'qos' },
  { name: 'constraint', value: 'WORDS', description: 'features a node must have, in Slurm’s words: "a100|h100" (any node)', field: 'constraint' }, // prettier-ignore
  { name: 'time', value: 'H:MM', description: 'of a task, hours and minutes; a run that is not done by then goes on in another (1:00)', field: 'minutes', read: minutes }, // prettier-ignore
  { name: 'cpus', value: 'N', description: 'cores of a task, and threads of its run (1)', field: 'cpus', read: count },
  {
    name: 'gpus',
    value: 'N',
    description: 'GPUs of a task (0)',
    field: 'gpus',
    read: (text, place) => wholeNumber(text, place, 0),
  },
  { name: 'gpu-type', value: 'NAME', description: 'of those GPUs, as the site calls it: a100 (any)', field: 'gpuType' },
  { name: 'memory', value: 'GB', description: 'of a task (what the cluster gives)', field: 'memory', read: megabytes },
  { name: 'jobs', value: 'N', description: 'of Ray, submitted at a time (8)', field: 'jobs', read: count },
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

/**
 * The profile that a command's options give: a Ray cluster's where there is an address, a Slurm cluster's where there is a host.
 *
 * @param known That of the same name, of which it changes what is given.
 * @throws UserError that names the option.
 */
export function readProfile(words: Parsed, called: string, known: PlaceProfile | undefined): PlaceProfile {
  const given = profileOptions.flatMap(({ name, field, read }) => {
    const text = words.text(name)
    return text === undefined ? [] : [{ name, field, value: read ? read(text, `--${name}`) : text }]
  })
  const has = (field: string): boolean => given.some((one) => one.field === field)
  const isRay = has('address') || (known?.kind === 'ray' && !has('host'))
  const schema = isRay ? RayProfile : SlurmProfile
  const foreign = given.find(({ field }) => !(field in schema.shape))
  if (foreign)
    throw new UserError(`a ${isRay ? 'Ray' : 'Slurm'} cluster has none`, { place: `--${foreign.name}`, remedy: 'leave it out' })
  const kind = isRay ? 'ray' : 'slurm'
  if (known?.kind !== kind && !has('address') && !has('host'))
    throw new UserError('a cluster has a login node, or an address', {
      place: '--host',
      remedy: 'give its host, or its alias in ~/.ssh/config; of a Ray cluster its --address',
    })
  const profile = schema.safeParse({
    ...(known?.kind === kind ? known : {}),
    ...Object.fromEntries(given.map(({ field, value }) => [field, value])),
    ...{ kind, name: called },
  })
  if (profile.success) return profile.data
  const { path, message } = complaintOf(profile.error)
  const option = profileOptions.find(({ field }) => field === path[0])
  throw new UserError(message, { place: option ? `--${option.name}` : 'NAME' })
}
