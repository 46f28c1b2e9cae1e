import { seedGroups } from '../../../shared/seed-groups'
import type { Summary } from '../../run-list/run-state'
import { columnOf, textIn, type CellValue } from './columns'

export interface Order {
  readonly column: string
  readonly descending: boolean
}

/** Pinned runs first, then by a column; runs without a value come last either way, equals by age. */
export function orderRuns(runs: readonly Summary[], { column, descending }: Order): Summary[] {
  const { value } = columnOf(column)
  const sign = descending ? -1 : 1
  return [...runs].sort((left, right) => {
    if (left.pinned !== right.pinned) return left.pinned ? -1 : 1
    const [a, b] = [value(left), value(right)]
    const [noA, noB] = [isAbsent(a), isAbsent(b)]
    if (noA || noB) return noA === noB ? byAge(left, right) : noA ? 1 : -1
    if (a === b) return byAge(left, right)
    if (typeof a === 'string' && typeof b === 'string') return sign * a.localeCompare(b, undefined, { numeric: true })
    // A setting that is a number in one run and a word in another: numbers first.
    if (typeof a !== typeof b)
      return typeof a === 'string' ? sign : typeof b === 'string' ? -sign : Number(a) < Number(b) ? -sign : sign
    return a! < b! ? -sign : sign
  })
}

/** The youngest first; of one moment the one that came last. */
function byAge(left: Summary, right: Summary): number {
  return Date.parse(right.createdAt) - Date.parse(left.createdAt) || right.id - left.id
}

/** A line of the table: a run, or the head of a group. */
export type Line =
  | { readonly kind: 'run'; readonly run: Summary }
  | { readonly kind: 'group'; readonly key: string; readonly text: string; readonly members: readonly Summary[] }

/** In place of a column: runs that differ in nothing but the seed are a group. */
export const OVER_SEEDS = 'all settings but the seed'

/** Ordered runs under heads of their groups, in the order in which the groups first appear; folded ones show their head alone. */
export function groupRuns(runs: readonly Summary[], by: string | null, folded: ReadonlySet<string>): Line[] {
  if (by === null) return runs.map((run) => ({ kind: 'run', run }))
  return groupsOf(runs, by).flatMap(({ key, label, runs: members }): Line[] => [
    { kind: 'group', key, text: label, members },
    ...(folded.has(key) ? [] : members.map((run): Line => ({ kind: 'run', run }))),
  ])
}

function groupsOf(runs: readonly Summary[], by: string): { key: string; label: string; runs: readonly Summary[] }[] {
  if (by === OVER_SEEDS) return seedGroups(runs)
  const groups = new Map<string, Summary[]>()
  for (const run of runs) {
    const text = textIn(run, by)
    const group = groups.get(text)
    if (group) group.push(run)
    else groups.set(text, [run])
  }
  return [...groups].map(([text, members]) => ({ key: text, label: text, runs: members }))
}

function isAbsent(value: CellValue): boolean {
  return value === null || value === '' || (typeof value === 'number' && Number.isNaN(value))
}
