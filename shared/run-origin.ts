import { z } from 'zod'
import { settingAt } from './settings'
import type { SettingValue } from './settings-text'

/** What stands for a network or a data set whose name its program did not tell. */
export const NOT_TOLD = 'not told'

/** A network's or a data set's name; null where nobody told it. */
export const toldName = (name: string): string | null => (name === NOT_TOLD ? null : name)

/** A short text of somebody else's. */
const word = (most: number) => z.string().max(most)

/**
 * Where a run was trained, if no NormLab trained it: then its network is not known, but its units by name. What decided its numbers is what its
 * program told, and nothing else is known of it.
 */
export const RunOrigin = z.strictObject({
  /** `recorder`: the program recorded itself (recorder/normlab_recorder.py); `tensorboard`: the run was made of event files. */
  kind: z.enum(['recorder', 'tensorboard']),
  /** Tells a program that goes on from any other one, hexadecimal. */
  session: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits')
    .optional(),
  /** `PyTorch 2.15.0`. */
  framework: word(200),
  /** The script's file name, and the machine that it ran on; empty where not told. */
  program: word(200).default(''),
  machine: word(200).default(''),
  /** What the program says that it was set to. */
  settings: z
    .record(word(100), z.union([word(500), z.number(), z.boolean()]))
    .refine((settings) => Object.keys(settings).length <= 200, 'must have at most 200 entries')
    .default({}),
  /** Norms were measured at every so-manieth step. */
  every: z.number().int().min(1).max(1e9).default(1),
})
export type RunOrigin = z.output<typeof RunOrigin>

/** The path of a setting that a program names: `batch` is the lab's `training.batch`; a name that the lab does not know stays as it is. */
function pathOf(name: string): string {
  return [name, `training.${name}`, `execution.${name}`, `data.${name}`].find((path) => settingAt(path) !== undefined) ?? name
}

/** What is known of such a run as a table of runs and a comparison have it, by paths. */
export function originSettings({ kind, framework, program, machine, every, settings }: RunOrigin): Record<string, SettingValue> {
  return {
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [pathOf(name), value])),
    'origin.kind': kind,
    ...Object.fromEntries(
      Object.entries({ framework, program, machine })
        .filter(([, text]) => text !== '')
        .map(([name, text]) => [`origin.${name}`, text]),
    ),
    ...(every > 1 && { 'training.measures.every': every }),
  }
}

/** The same for a reader, a label and its text each. */
export function originFacts({ settings, program, machine, every }: RunOrigin): [label: string, text: string][] {
  return [
    ...(program === '' ? [] : [['Program', program] as [string, string]]),
    ...(machine === '' ? [] : [['Machine', machine] as [string, string]]),
    ...(every > 1 ? [['Norms measured', `every ${every} steps`] as [string, string]] : []),
    ...Object.entries(settings).map(([name, value]): [string, string] => [settingAt(pathOf(name))?.label ?? name, String(value)]),
  ]
}

/** `recorded from PyTorch 2.15.0`. */
export const originWords = ({ kind, framework }: RunOrigin): string =>
  kind === 'recorder' ? `recorded from ${framework}` : `from ${framework}`

/** Why something cannot be done with such a run. */
export const notTrainedHere = (run: number, origin: RunOrigin): string =>
  `run ${run} was ${kindWords[origin.kind]} (${origin.framework}), and NormLab has neither its network nor its data`

const kindWords = { recorder: 'recorded elsewhere', tensorboard: 'made of event files' } as const
