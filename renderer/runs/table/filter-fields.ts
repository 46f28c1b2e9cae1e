import { settingOf, type SettingValue } from '../../../shared/settings-text'
import { isActive, RUN_STATES, type Summary } from '../run-state'
import { COLUMNS, isShare, valueIn } from './columns'

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
      return { name: key, label: column.label, kind, values: (run) => [valueIn(run, key)] }
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
    const ends = new Map<string, number>()
    for (const path of unique) ends.set(endOf(path), (ends.get(endOf(path)) ?? 0) + 1)
    const taken = new Set(OWN.flatMap(({ name }) => [name, ...(COLUMNS[name]?.measure?.also ?? [])]))
    const settings = unique.map((path): FilterField => {
      const end = endOf(path)
      const isShort = ends.get(end) === 1 && !taken.has(end)
      return {
        name: isShort ? end : path,
        label: path === end ? 'setting' : path,
        kind: 'setting',
        values: (run) => [settingOf(run, path)],
      }
    })
    this.all = [...OWN, ...settings]
    for (const field of OWN) for (const name of [field.name, ...(COLUMNS[field.name]?.measure?.also ?? [])]) this.add(name, field)
    this.add(
      'tags',
      OWN.find(({ name }) => name === 'tag')!,
    )
    unique.forEach((path, index) => {
      for (const name of new Set(waysToSay(path))) if (!taken.has(name)) this.add(name, settings[index]!, path)
    })
  }

  /** The fields of this name: none where it is unknown, several where it does not tell which. */
  find(name: string): readonly FilterField[] {
    return this.named.get(name.toLowerCase()) ?? []
  }

  get names(): string[] {
    return [...this.named.keys()]
  }

  private add(name: string, field: FilterField, path?: string): void {
    const key = name.toLowerCase()
    // A whole path means itself alone, whatever other path ends in it.
    if (path === name) this.named.set(key, [field])
    else if (this.named.get(key)?.some((one) => one.label === name) !== true)
      this.named.set(key, [...(this.named.get(key) ?? []), field])
  }
}

/** `training.projection.layers`, `projection.layers`, `layers`. */
function waysToSay(path: string): string[] {
  const parts = path.split('.')
  return parts.map((_, index) => parts.slice(index).join('.'))
}
function endOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}
