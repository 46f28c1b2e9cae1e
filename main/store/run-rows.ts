import type { Configuration } from '../../shared/configuration'
import type { Cell } from '../../shared/experiments/experiment'
import type { RunNotice, RunState, Unit } from '../../shared/records'

/** A run as the database knows it. */
export interface StoredRun {
  readonly id: number
  readonly name: string
  readonly state: RunState
  readonly problem: { message: string; step?: number | undefined; unit?: string | undefined } | null
  readonly preset: string | null
  readonly network: string
  readonly dataset: string
  readonly seed: number
  readonly units: Unit[]
  readonly parameters: number | null
  readonly device: string | null
  readonly versions: Record<string, string>
  /** Steps in all and in an epoch; 0 where not known yet. */
  readonly steps: number
  readonly stepsPerEpoch: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly owner: string | null
  readonly ownerPid: number | null
  readonly notices: readonly RunNotice[]
  /** It was cut off by no one's wish: a lab that stays open takes it up again. */
  readonly comesBack: boolean
  readonly tags: readonly string[]
  readonly note: string
  readonly starred: boolean
  readonly archived: boolean
  readonly pinned: boolean
  readonly experiment: number | null
  readonly cell: Cell | null
  /** The configuration without the network's document. */
  readonly settings: Readonly<Record<string, unknown>>
}

export type NewRun = Pick<StoredRun, 'name' | 'units' | 'parameters' | 'versions' | 'owner' | 'ownerPid'> &
  Partial<Pick<StoredRun, 'experiment' | 'cell'>> & {
    readonly configuration: Configuration
  }
export type RunPatch = Partial<Omit<StoredRun, 'id' | 'preset' | 'network' | 'dataset' | 'seed' | 'createdAt' | 'settings'>>

/** Column of each field that can change, and how it is written. */
const columns: {
  readonly [F in keyof Required<RunPatch>]: readonly [column: string, write: (value: NonNullable<RunPatch[F]>) => unknown]
} = {
  name: ['name', String],
  state: ['state', String],
  problem: ['problem', JSON.stringify],
  units: ['units', JSON.stringify],
  parameters: ['parameters', Number],
  device: ['device', String],
  versions: ['versions', JSON.stringify],
  steps: ['steps', Number],
  stepsPerEpoch: ['steps_per_epoch', Number],
  startedAt: ['started_at', String],
  endedAt: ['ended_at', String],
  owner: ['owner', String],
  ownerPid: ['owner_pid', Number],
  notices: ['notices', JSON.stringify],
  comesBack: ['comes_back', Number],
  tags: ['tags', JSON.stringify],
  note: ['note', String],
  starred: ['starred', Number],
  archived: ['archived', Number],
  pinned: ['pinned', Number],
  experiment: ['experiment', Number],
  cell: ['cell', JSON.stringify],
}

/** `SET` part of an update and its values, in order. */
export function assignments(patch: RunPatch): { sql: string; values: unknown[] } {
  const fields = (Object.keys(patch) as (keyof RunPatch)[]).filter((field) => patch[field] !== undefined)
  const write = (field: keyof RunPatch) => (columns[field][1] as (value: unknown) => unknown)(patch[field])
  return {
    sql: fields.map((field) => `${columns[field][0]} = ?`).join(', '),
    values: fields.map((field) => (patch[field] === null ? null : write(field))),
  }
}

export const RUN_COLUMNS = `id, name, state, problem, preset, network, dataset, seed, units, parameters, device, versions, steps,
  steps_per_epoch AS stepsPerEpoch, created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt, owner, owner_pid AS ownerPid, notices, comes_back AS comesBack,
  tags, note, starred, archived, pinned, experiment, cell, json_remove(configuration, '$.network') AS settings`

type Told =
  'problem' | 'units' | 'versions' | 'notices' | 'comesBack' | 'tags' | 'starred' | 'archived' | 'pinned' | 'cell' | 'settings'
type RunRow = Omit<StoredRun, Told> & {
  problem: string | null
  units: string
  versions: string
  notices: string
  comesBack: number
  tags: string
  starred: number
  archived: number
  pinned: number
  cell: string | null
  settings: string
}

export function toRun(row: unknown): StoredRun {
  const { problem, units, versions, notices, comesBack, tags, starred, archived, pinned, cell, settings, ...rest } = row as RunRow
  return {
    ...rest,
    problem: problem === null ? null : (JSON.parse(problem) as StoredRun['problem']),
    units: JSON.parse(units) as Unit[],
    versions: JSON.parse(versions) as Record<string, string>,
    notices: JSON.parse(notices) as RunNotice[],
    comesBack: comesBack !== 0,
    tags: JSON.parse(tags) as string[],
    starred: starred !== 0,
    archived: archived !== 0,
    pinned: pinned !== 0,
    cell: cell === null ? null : (JSON.parse(cell) as Cell),
    settings: JSON.parse(settings) as Record<string, unknown>,
  }
}
