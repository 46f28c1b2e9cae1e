import { type z } from 'zod'
import type { Setting } from '../settings/setting'

/** Where a setting's value lies: with the data folder, for all windows, pages and the command line; or with the page that shows it. */
export type Keeper = 'data folder' | 'page'

/** Part of the settings page. */
export type SettingsSection = 'Training' | 'Window' | 'Appearance'

/** A setting of the lab: all that settings page, store and command line know of it. Its name is its key in the registry. */
export interface LabSetting<S extends z.ZodDefault = z.ZodDefault> extends Pick<
  Setting<S>,
  'label' | 'says' | 'unit' | 'words' | 'absent' | 'text' | 'schema' | 'option' | 'grows' | 'group'
> {
  /** Where the settings page has it; null for what is chosen elsewhere. */
  readonly section: SettingsSection | null
  readonly kept: Keeper
}

export function labSetting<S extends z.ZodDefault>(declared: Omit<LabSetting<S>, 'group'>): LabSetting<S> {
  return { ...declared, group: 'machine' }
}

type Declared = Readonly<Record<string, LabSetting>>

/** A registry's schemas without their defaults. */
export type PlainShape<D extends Declared> = {
  readonly [N in keyof D]: D[N]['schema'] extends z.ZodDefault<infer I> ? I : never
}

export function plainShape<D extends Declared>(declared: D): PlainShape<D> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { schema }]) => [name, schema.unwrap()]),
  ) as unknown as PlainShape<D>
}
