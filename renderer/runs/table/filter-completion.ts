import type { Summary } from '../../run-list/run-state'
import type { FilterField, FilterFields } from './filter-fields'

/** What could stand at a place of a filter's text. */
export interface Suggestion {
  /** What is put in. */
  readonly text: string
  readonly hint: string
}

export interface Suggestions {
  /** The part of the text that a suggestion takes the place of. */
  readonly from: number
  readonly to: number
  readonly list: readonly Suggestion[]
}

const MOST = 9
/** How a field's name most often goes on. */
const SIGNS: Readonly<Record<FilterField['kind'], string>> = {
  ...{ number: '>', share: '>', age: '<', setting: '=', words: ':', list: ':', sign: ':' },
}

/** Fields that begin with, or have, what stands before the caret; behind a field and its sign, the values that runs have. */
export function suggestionsAt(text: string, caret: number, fields: FilterFields, runs: readonly Summary[]): Suggestions {
  const before = text.slice(0, caret)
  const word = /(?:^|[\s(])-?([\w.]*)$/.exec(before)?.[1]
  if (word !== undefined) return { from: caret - word.length, to: caret, list: word === '' ? [] : fieldsLike(word, fields) }
  const value = /([\w.]+)(?::|!?=)"?([^\s()"]*)$/.exec(before)
  const found = value ? fields.find(value[1]!) : []
  if (!value || found.length !== 1) return { from: caret, to: caret, list: [] }
  const typed = value[2]!
  const isQuoted = before[caret - typed.length - 1] === '"'
  return { from: caret - typed.length - Number(isQuoted), to: caret, list: valuesLike(typed, found[0]!, runs) }
}

function fieldsLike(word: string, fields: FilterFields): Suggestion[] {
  const wanted = word.toLowerCase()
  const rank = ({ name, label }: FilterField): number => {
    const [own, told] = [name.toLowerCase(), label.toLowerCase()]
    if (own.startsWith(wanted)) return 0
    return told.startsWith(wanted) ? 1 : own.includes(wanted) || told.includes(wanted) ? 2 : 3
  }
  return fields.all
    .map((field) => ({ field, rank: rank(field) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ field }) => ({ text: `${field.name}${SIGNS[field.kind]}`, hint: field.label }))
}

function valuesLike(typed: string, field: FilterField, runs: readonly Summary[]): Suggestion[] {
  const counts = new Map<string, number>((field.choices ?? []).map((choice) => [choice, 0]))
  for (const run of runs)
    for (const value of field.values(run)) {
      if (value === null || value === '' || (typeof value === 'number' && field.kind !== 'setting')) continue
      const text = field.choices ? String(value).toLowerCase() : String(value)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  const begins = ([text]: [string, number]): number => Number(text.toLowerCase().startsWith(typed.toLowerCase()))
  return [...counts]
    .filter(([text]) => text.toLowerCase().includes(typed.toLowerCase()) && !text.includes('"') && text.length <= 100)
    .sort((a, b) => begins(b) - begins(a) || b[1] - a[1])
    .slice(0, MOST)
    .map(([text, count]) => ({
      text: `${/[\s()]/.test(text) ? `"${text}"` : text} `,
      hint: count === 1 ? '1 run' : count > 0 ? `${count} runs` : '',
    }))
}
