import { z } from 'zod'
import { RunProblem } from '../../shared/api'
import type { Configuration } from '../../shared/configuration'
import { Cell } from '../../shared/experiments/experiment'
import { RunNotice, RunState, Unit } from '../../shared/records'
import type { RunOrigin } from '../../shared/run-origin'
import { readConfiguration } from './stored-configuration'
import { type TextRow, readJson } from './text-rows'

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
  /** When it was deleted; it can be restored until it is purged. */
  readonly deletedAt: string | null
  /** The configuration without the network's document. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Where it was trained; absent for a run of a lab. */
  readonly origin?: RunOrigin
  /** What of it cannot be read, a sentence each. Such a field has a value that says nothing: an empty list, 0. */
  readonly unreadable: readonly string[]
}

export type NewRun = Pick<StoredRun, 'name' | 'units' | 'parameters' | 'versions' | 'owner' | 'ownerPid'> &
  Partial<Pick<StoredRun, 'experiment' | 'cell'>> & {
    readonly configuration: Configuration
  }
type Changing = Omit<
  StoredRun,
  'id' | 'preset' | 'network' | 'dataset' | 'seed' | 'createdAt' | 'settings' | 'origin' | 'unreadable'
>
export type RunPatch = Partial<Changing>

const whole = z.number().int()
const flag = whole.transform((value) => value !== 0)

interface Field {
  readonly column: string
  /** What the column holds, as a sentence about it names it. */
  readonly words: string
  /** Of the value, which is JSON in the column where `json` is set. */
  readonly schema: z.ZodType
  readonly json?: boolean
  /** Where it cannot be read. */
  readonly otherwise: unknown
  readonly write?: (value: unknown) => unknown
}
const text = (column: string, words: string, schema: z.ZodType = z.string(), otherwise: unknown = ''): Field => ({
  ...{ column, words, schema, otherwise, write: String },
})
const optional = (column: string, words: string): Field => text(column, words, z.string().nullable(), null)
const number = (column: string, words: string, schema: z.ZodType = whole.min(0), otherwise: unknown = 0): Field => ({
  ...{ column, words, schema, otherwise, write: Number },
})
const json = (column: string, words: string, schema: z.ZodType, otherwise: unknown): Field => ({
  ...{ column, words, schema, otherwise, json: true, write: JSON.stringify },
})
const noTime = '1970-01-01T00:00:00.000Z'
const time = z.iso.datetime()

/** Column of each field, what it may hold, and what stands for it where it holds something else. */
const fields = {
  name: text('name', 'name', z.string().min(1), 'unreadable'),
  state: text('state', 'state', RunState, 'failed'),
  problem: json('problem', 'problem', RunProblem.nullable(), null),
  preset: optional('preset', 'preset'),
  network: text('network', 'network’s name'),
  dataset: text('dataset', 'data set’s name'),
  seed: number('seed', 'seed'),
  units: json('units', 'units', z.array(Unit), []),
  parameters: number('parameters', 'count of parameters', whole.min(0).nullable(), null),
  device: optional('device', 'device'),
  versions: json('versions', 'versions', z.record(z.string(), z.string()), {}),
  steps: number('steps', 'count of steps'),
  stepsPerEpoch: number('steps_per_epoch', 'steps an epoch'),
  createdAt: text('created_at', 'time of its making', time, noTime),
  startedAt: text('started_at', 'time of its start', time.nullable(), null),
  endedAt: text('ended_at', 'time of its end', time.nullable(), null),
  owner: optional('owner', 'owner'),
  ownerPid: number('owner_pid', 'owner', whole.nullable(), null),
  notices: json('notices', 'notices', z.array(RunNotice), []),
  comesBack: number('comes_back', 'mark to come back', flag, false),
  tags: json('tags', 'tags', z.array(z.string()), []),
  note: text('note', 'note'),
  starred: number('starred', 'star', flag, false),
  archived: number('archived', 'mark of the archive', flag, false),
  pinned: number('pinned', 'pin', flag, false),
  experiment: number('experiment', 'experiment', whole.nullable(), null),
  cell: json('cell', 'cell', Cell.nullable(), null),
  deletedAt: text('deleted_at', 'time of its deletion', time.nullable(), null),
} satisfies Readonly<Record<Exclude<keyof StoredRun, 'id' | 'settings' | 'origin' | 'unreadable'>, Field>>
type FieldName = keyof typeof fields
const names = Object.keys(fields) as FieldName[]

/** `SET` part of an update and its values, in order. */
export function assignments(patch: RunPatch): { sql: string; values: unknown[] } {
  const changed = (Object.keys(patch) as (keyof RunPatch)[]).filter((name) => patch[name] !== undefined)
  const write = (name: keyof RunPatch): unknown => (fields[name] as Field).write!(patch[name])
  return {
    sql: changed.map((name) => `${fields[name].column} = ?`).join(', '),
    values: changed.map((name) => (patch[name] === null ? null : write(name))),
  }
}

/** The columns of a run's row by field; see text-rows.ts. What a JSON function says is joined to '' to be a text like the others. */
export const RUN_COLUMNS: Readonly<Record<FieldName | 'id' | 'settings', string>> = {
  id: 'id',
  ...(Object.fromEntries(names.map((name) => [name, fields[name].column])) as Record<FieldName, string>),
  settings: `CASE WHEN typeof(configuration) = 'text' AND json_valid(configuration) THEN json_remove(configuration, '$.network') || '' END`,
}

export function toRun(row: TextRow<keyof typeof RUN_COLUMNS>): StoredRun {
  const unreadable: string[] = []
  const values = names.map((name) => {
    const field: Field = fields[name]
    const told = field.json && row[name] !== null ? readJson(row[name]) : row[name]
    const read = field.schema.safeParse(told)
    if (!read.success) unreadable.push(`its ${field.words} cannot be read`)
    else if (row.broken.includes(name)) unreadable.push(`its ${field.words} is no UTF-8 text`)
    return [name, read.success ? read.data : field.otherwise] as const
  })
  const { settings, origin, problems } = readSettings(row.settings)
  return {
    ...(Object.fromEntries(values) as Omit<StoredRun, 'id' | 'settings' | 'origin' | 'unreadable'>),
    id: row.id as number,
    settings,
    ...(origin && { origin }),
    unreadable: [...unreadable, ...problems],
  }
}

/** As it is told of the run. */
export const configurationProblem = (problem: string): string => `its configuration cannot be read whole: ${problem}`

type Settings = Pick<StoredRun, 'settings' | 'origin'> & { readonly problems: readonly string[] }
/** Most runs of a data folder share their settings with others: what was read of the last ones is kept. */
const known = new Map<string, Settings>()
const MOST_KNOWN = 2000

/** @param stored What the row has as `settings`. */
export function readSettings(stored: unknown): Settings {
  if (typeof stored !== 'string') return { settings: {}, problems: ['its configuration cannot be read'] }
  const before = known.get(stored)
  if (before) return before
  const told = readJson(stored)
  const isObject = typeof told === 'object' && told !== null
  const { configuration, problems, told: today } = readConfiguration(isObject ? { ...told, network: NO_NETWORK } : told)
  const { network: _, origin: _told, ...settings } = today
  const { origin } = configuration
  if (known.size >= MOST_KNOWN) known.clear()
  const read = { settings, ...(origin && { origin }), problems: problems.map(configurationProblem) }
  known.set(stored, read)
  return read
}
/** In the place of the network, which the settings are told without. */
const NO_NETWORK = { format: 'normlab/network', version: 1, name: 'none', nodes: [{ id: 'input', kind: 'input' }] }
