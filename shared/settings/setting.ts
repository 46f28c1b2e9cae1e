import type { z } from 'zod'
import type { GroupName } from './groups'

/** Reads other settings of the same run by their paths, as text or as values; undefined where one is left out. */
export type SettingReader = (path: string) => unknown

/** How a setting is given on the command line. */
export interface SettingOption {
  /** Without the dashes: `weight-decay`. */
  readonly name: string
  /** What stands for its value in the help, `N` where none is told. Words joined by | are the only ones allowed; null for a flag. */
  readonly value?: string | null
  /** In place of the setting's own sentence. */
  readonly says?: string
  /** In place of the default in brackets. */
  readonly usual?: string
  /** Where its text means more than the one setting: what it sets, by paths. @throws UserError where it means nothing. */
  readonly read?: (text: string) => Readonly<Record<string, unknown>>
  /** The text for these settings; undefined where the option cannot tell them or need not. An empty text for a flag. */
  readonly write?: (of: SettingReader) => string | undefined
}

/** A value that is no number, word or truth value, as it is written in a field and after `--set`. */
export interface SettingText {
  /** @throws Error with what it must be: `epochs, for example 150, 225`. */
  readonly read: (text: string) => unknown
  readonly write: (value: unknown) => string
  /** `norms weightDecay=0` */
  readonly example: string
}

/** A setting of a run: all that the lab knows of it. Its path comes from its place in the registry. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  /** `Batch` */
  readonly label: string
  /** One sentence without its full stop: what it is. */
  readonly says: string
  /** What other programs call it, for whoever writes that: `lr`. */
  readonly also?: readonly string[]
  /** `images` */
  readonly unit?: string
  /** Where the form and the summary have it. */
  readonly group: GroupName
  /** Its values, with the default; optional where it may be absent. */
  readonly schema: S
  /** How people change it: by one (`linear`), in powers of two, or in 1, 2, 5, 10. */
  readonly grows?: 'linear' | 'twofold' | 'logarithmic'
  /** What the words of a choice are for people. */
  readonly words?: Readonly<Record<string, string>>
  /** What it is where it is absent: `no limit`. */
  readonly absent?: string
  /** Whether it has any meaning beside the other settings; always, where it does not tell. */
  readonly applies?: (of: SettingReader) => boolean
  /** Path of the setting without which it has none, where that is one alone. */
  readonly awaits?: string
  readonly option?: SettingOption
  readonly text?: SettingText
  /** Found by `--set` under its whole path alone: another setting has the better claim to the short one. */
  readonly fullPathOnly?: true
}

export function setting<S extends z.ZodType>(declared: Setting<S>): Setting<S> {
  return declared
}

export type Fields = Readonly<Record<string, Setting | Family>>

/** Settings that lie together in one object: `projection.method`, `projection.every`. */
export interface Family<F extends Fields = Fields, S extends z.ZodType = z.ZodType> {
  readonly fields: F
  readonly schema: S
  /** Whether true and false stand for it as a whole. */
  readonly isSwitch?: boolean
}

export type ShapeOf<F extends Fields> = { readonly [K in keyof F]: F[K]['schema'] }

/** The schemas of fields, as an object schema takes them. */
export function shapeOf<F extends Fields>(fields: F): { -readonly [K in keyof F]: F[K]['schema'] } {
  return Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])) as {
    -readonly [K in keyof F]: F[K]['schema']
  }
}

export const isFamily = (field: Setting | Family): field is Family => 'fields' in field
