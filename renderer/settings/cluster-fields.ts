import { PlaceProfile } from '../../shared/places/profile'

/** A field of the form of a cluster's profile. */
export interface ClusterField {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly unit?: string
  /** What it is where nothing is said. */
  readonly usual?: string
  readonly kind?: 'number' | 'list'
}
export type ClusterKind = PlaceProfile['kind']

const name: ClusterField = { name: 'name', label: 'Name', hint: 'What it is called here' }
const share: readonly ClusterField[] = [
  { name: 'cpus', label: 'Cores', hint: 'And threads of its run', usual: '1', kind: 'number' },
  { name: 'gpus', label: 'GPUs', hint: 'With 0 it trains on the CPU', usual: '0', kind: 'number' },
]
const memory: ClusterField = { name: 'memory', label: 'Memory', unit: 'MB', hint: 'What the cluster gives where it is empty', kind: 'number' } // prettier-ignore
const program: readonly ClusterField[] = [
  { name: 'container', label: 'Container', hint: 'What stands before the command: apptainer exec --nv normlab.sif' },
  { name: 'folder', label: 'Folder', hint: 'On a file system that all its nodes share', usual: 'normlab' },
  { name: 'command', label: 'Command', hint: 'What is normlab there', usual: 'normlab' },
]

export const CLUSTER_KINDS: Readonly<Record<ClusterKind, { readonly label: string; readonly fields: readonly ClusterField[] }>> =
  {
    slurm: {
      label: 'Slurm, over ssh',
      fields: [
        name,
        { name: 'host', label: 'Login node', hint: 'As ssh knows it: a host, or an alias of ~/.ssh/config' },
        { name: 'user', label: 'User', hint: 'As ssh’s configuration says where it is empty' },
        { name: 'port', label: 'Port', hint: 'As ssh’s configuration says where it is empty', kind: 'number' },
        { name: 'partition', label: 'Partition', hint: 'The cluster’s usual one where it is empty' },
        { name: 'account', label: 'Account', hint: 'The user’s usual one where it is empty' },
        { name: 'qos', label: 'Quality of service', hint: 'The cluster’s usual one where it is empty' },
        { name: 'constraint', label: 'Constraint', hint: 'Features a node must have, in Slurm’s words: a100|h100' },
        { name: 'minutes', label: 'Time of a task', unit: 'minutes', hint: 'A longer run goes on in the next task', usual: '60', kind: 'number' }, // prettier-ignore
        ...share,
        { name: 'gpuType', label: 'GPU type', hint: 'As the site calls it: a100; any where it is empty' },
        memory,
        { name: 'modules', label: 'Modules', hint: 'Loaded before each task, separated by commas', kind: 'list' },
        ...program,
      ],
    },
    ray: {
      label: 'Ray jobs',
      fields: [
        name,
        { name: 'address', label: 'Address', hint: 'Of the head’s dashboard: http://localhost:8265, or https://…' },
        ...share,
        memory,
        { name: 'jobs', label: 'Jobs at a time', hint: 'Submitted and not over', usual: '8', kind: 'number' },
        ...program,
      ],
    },
  }

/** What the form shows of a profile, or of a new one of this kind. */
export function formOf(kind: ClusterKind, profile?: PlaceProfile): Record<string, string> {
  const known = profile as Readonly<Record<string, unknown>> | undefined
  const text = (value: unknown): string => (Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value))
  return Object.fromEntries(
    CLUSTER_KINDS[kind].fields.map((field) => [field.name, known ? text(known[field.name]) : (field.usual ?? '')]),
  )
}

export function readForm(kind: ClusterKind, form: Readonly<Record<string, string>>) {
  const told = CLUSTER_KINDS[kind].fields.flatMap(({ name: field, kind: of }): [string, unknown][] => {
    const text = form[field]?.trim() ?? ''
    if (of === 'list') return [[field, text === '' ? [] : text.split(',').map((one) => one.trim())]]
    return text === '' ? [] : [[field, of === 'number' ? Number(text) : text]]
  })
  return PlaceProfile.safeParse({ kind, ...Object.fromEntries(told) })
}
