import { momentOf } from '../../../shared/measures/values'
import { shortName } from '../../../shared/run-labels'
import { settingOf, type SettingValue } from '../../../shared/settings-text'
import { isActive, RUN_STATES, type Summary } from '../../run-list/run-state'
import { type Column, COLUMNS, isShare, valueIn } from './columns'

/** Something that a filter can ask of a run. */
export interface FilterField {
  /** As it is suggested and told. */
  readonly name: string
  /** What it is, for the list of suggestions. */
  readonly label: string
  /** A share is a number from 0 to 1, an age a span of time; a setting may be a number or words. */
  readonly kind: 'number' | 'share' | 'words' | 'list' | 'setting' | 'age' | 'sign'
  /** The words of which one must be meant, where others make no sense. */
  readonly choices?: readonly string[]
  readonly values: (run: Summary) => readonly (SettingValue | null)[]
}

/** Signs on a run, for `is:`; a state's name is one too. */
const SIGNS: Readonly<Record<string, (run: Summary) => boolean>> = {
  starred: (run) => run.starred,
  archived: (run) => run.archived,
  pinned: (run) => run.pinned,
  active: (run) => isActive(run.state),
}
const STATES = Object.values(RUN_STATES).map(({ label }) => label.toLowerCase())

function signsOf(run: Summary): string[] {
  return [...Object.keys(SIGNS).filter((name) => SIGNS[name]!(run)), RUN_STATES[run.state].label.toLowerCase()]
}

/** Columns without a format that are numbers all the same. */
const COUNTS = new Set(['experiment', 'seed', 'id'])
/** Columns that are drawn, or that stand for something else. */
const APART = new Set(['spark', 'tags', 'state', 'age'])

/** What a column is; measures of the last step and means of an epoch go by like names, so the moment stands with them. */
function told({ label, measure }: Column): string {
  return measure ? `${label}: ${momentOf(measure)}` : label
}

const OWN: readonly FilterField[] = [
  { name: 'is', label: 'a sign or a state', kind: 'sign', choices: [...Object.keys(SIGNS), ...STATES], values: signsOf },
  { name: 'tag', label: 'Tags', kind: 'list', values: (run) => run.tags },
  { name: 'state', label: 'State', kind: 'words', choices: STATES, values: (run) => [RUN_STATES[run.state].label] },
  { name: 'age', label: 'Age: 30min, 2h, 3d', kind: 'age', values: (run) => [(Date.now() - Date.parse(run.createdAt)) / 1000] },
  ...Object.keys(COLUMNS)
    .filter((key) => !APART.has(key))
    .map((key): FilterField => {
      const column = COLUMNS[key]!
      const kind = isShare(column) ? 'share' : column.format || COUNTS.has(key) ? 'number' : 'words'
      return { name: key, label: told(column), kind, values: (run) => [valueIn(run, key)] }
    }),
]

/** All fields: what a run tells of itself, and its settings by their paths or the paths' last words. */
export class FilterFields {
  readonly all: readonly FilterField[]
  /** Under every name that is understood, in small letters; several where a name could be one of several. */
  private readonly named = new Map<string, FilterField[]>()

  /** @param paths Of the settings that there are. */
  constructor(paths: Iterable<string>) {
    const unique = [...new Set(paths)].sort()
    const taken = new Set(OWN.flatMap(({ name }) => [name, ...(COLUMNS[name]?.measure?.also ?? [])]))
    const meant = settingNames(unique, taken)
    const settings = unique.map((path): FilterField => {
      const end = endOf(path)
      const name = meant.get(end)?.join() === path ? end : path
      return {
        ...{ name, label: path === name ? 'setting' : path, kind: 'setting' },
        values: (run) => [settingOf(run, path)],
      }
    })
    this.all = [...OWN, ...settings]
    for (const field of OWN) for (const name of [field.name, ...(COLUMNS[field.name]?.measure?.also ?? [])]) this.add(name, field)
    this.add(
      'tags',
      OWN.find(({ name }) => name === 'tag')!,
    )
    for (const [name, of] of meant) for (const path of of) this.add(name, settings[unique.indexOf(path)]!)
  }

  /** The fields of this name: none where it is unknown, several where it does not tell which. */
  find(name: string): readonly FilterField[] {
    return this.named.get(name.toLowerCase()) ?? []
  }

  get names(): string[] {
    return [...this.named.keys()]
  }

  private add(name: string, field: FilterField): void {
    const key = name.toLowerCase()
    this.named.set(key, [...(this.named.get(key) ?? []), field])
  }
}

/**
 * The paths that each name means, but for names that are taken. A whole path means itself alone; so does the short name by which
 * tables and comparisons call a setting, whatever other path ends in it.
 */
function settingNames(paths: readonly string[], taken: ReadonlySet<string>): Map<string, readonly string[]> {
  const ways = new Map<string, string[]>()
  for (const path of paths)
    for (const name of new Set([...waysToSay(path), shortName(path)]))
      if (!taken.has(name)) ways.set(name, [...(ways.get(name) ?? []), path])
  const exact = (name: string, of: readonly string[]): readonly string[] => {
    if (of.includes(name)) return [name]
    const called = of.filter((path) => shortName(path) === name)
    return called.length > 0 ? called : of
  }
  return new Map([...ways].map(([name, of]) => [name, exact(name, of)]))
}

/** `training.projection.layers`, `projection.layers`, `layers`. */
function waysToSay(path: string): string[] {
  const parts = path.split('.')
  return parts.map((_, index) => parts.slice(index).join('.'))
}
function endOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}
