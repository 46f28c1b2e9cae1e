import { closest } from '../../../shared/closest'
import type { SettingValue } from '../../../shared/settings-text'
import type { Summary } from '../../run-list/run-state'
import { FilterError, type Fits } from './filter-error'
import type { FilterField, FilterFields } from './filter-fields'

type Sign = ':' | '=' | '!=' | '<' | '>' | '<=' | '>='
const TERM = /^([\w.]+)\s*(>=|<=|!=|[:=<>])\s*(.*)$/s

/** A word of a filter as a test: `#3`, a field with a sign and a value, or letters that the run's words contain. */
export function termOf(text: string, at: number, quoted: boolean, fields: FilterFields): Fits {
  if (!quoted && /^#\d+$/.test(text)) return ({ id }) => id === Number(text.slice(1))
  const match = quoted ? null : TERM.exec(text)
  if (!match) return (run) => wordsOf(run).includes(text.toLowerCase())
  const [, name, sign, raw] = match as unknown as [string, string, Sign, string]
  const field = fieldOf(name, text, at, fields)
  const wanted = raw.replace(/"/g, '').trim()
  if (wanted === '') throw new FilterError(`after “${name}${sign}” a value is missing`, at, true)
  const test = testOf(field, sign, wanted, at)
  return (run) => test(field.values(run))
}

/** @throws FilterError for a name that is no field, with the one that was meant, or that could be one of several. */
function fieldOf(name: string, text: string, at: number, fields: FilterFields): FilterField {
  const found = fields.find(name)
  if (found.length === 1) return found[0]!
  if (found.length > 1) throw new FilterError(`“${name}” could be ${found.map((field) => field.name).join(' or ')}`, at)
  const meant = closest(name, fields.names)
  const way = `${meant ? `did you mean “${meant}”? Or ` : ''}in quotes, "${text}", it is looked for as words`
  throw new FilterError(`no such field “${name}”; ${way}`, at)
}

type Test = (values: readonly (SettingValue | null)[]) => boolean
const isOrder = (sign: Sign): boolean => sign !== ':' && sign !== '=' && sign !== '!='

function testOf(field: FilterField, sign: Sign, wanted: string, at: number): Test {
  if (field.kind === 'words' || field.kind === 'list' || field.kind === 'sign') {
    if (isOrder(sign))
      throw new FilterError(`“${field.name}” is words, which are neither more nor less; use “${field.name}:”`, at)
    return wordTest(sign, choiceOf(field, sign, wanted, at))
  }
  if (field.kind === 'age') return numberTest(sign, { value: spanOf(wanted, at), half: 0 })
  const number = numberOf(wanted)
  if (field.kind === 'setting') {
    if (number === null && isOrder(sign)) throw new FilterError(`“${wanted}” is not a number`, at)
    const [asNumber, asWords] = [number && numberTest(sign, number), wordTest(sign, wanted)]
    return ([value]) => (typeof value === 'number' && asNumber ? asNumber([value]) : !isOrder(sign) && asWords([value ?? null]))
  }
  if (number === null) throw new FilterError(`“${wanted}” is not a number`, at)
  if (field.kind === 'share') return numberTest(sign, shareOf(field, wanted, number, at))
  if (number.isPercent) throw new FilterError(`“${field.name}” is no share; leave the % out`, at)
  return numberTest(sign, number)
}

interface Wanted {
  readonly value: number
  /** Half of the last digit that was typed: what is shown as 93.0 % is equal to 93.0%. */
  readonly half: number
  readonly isPercent?: boolean
}

/** A number as it is typed, `90%` as 0.9; null for what is none. */
function numberOf(text: string): Wanted | null {
  const match = /^([+-]?(?:\d+\.?(\d*)|\.(\d+))(?:e[+-]?\d+)?)\s*(%?)$/i.exec(text)
  if (!match) return /^[+-]?(∞|infinity)$/i.test(text) ? { value: text.startsWith('-') ? -Infinity : Infinity, half: 0 } : null
  const [, digits, after = '', alone = ''] = match
  const isPercent = match[4] === '%'
  // By the decimal point and not by a division, which would round: 93.7% is the number that 0.937 is.
  const value = isPercent && !/e/i.test(digits!) ? Number(`${digits}e-2`) : Number(digits) / (isPercent ? 100 : 1)
  return { value, half: isPercent ? 0.5 * 10 ** -(2 + (after || alone).length) : 0, isPercent }
}

function shareOf(field: FilterField, text: string, number: Wanted, at: number): Wanted {
  if (!number.isPercent && Math.abs(number.value) > 1)
    throw new FilterError(`“${field.name}” is a share from 0 to 1; write ${text}% for per cent`, at)
  return number
}

/** `30min`, `2h`, `3d`, `1w` in seconds. */
function spanOf(text: string, at: number): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|min|h|d|w)$/i.exec(text)
  if (!match) throw new FilterError(`an age is a number with its unit: 30min, 2h, 3d or 1w`, at)
  return Number(match[1]) * { s: 1, min: 60, h: 3600, d: 86_400, w: 604_800 }[match[2]!.toLowerCase() as 'h']
}

function numberTest(sign: Sign, { value: wanted, half }: Wanted): Test {
  // A little more than half a digit, for what its decimal places cannot say exactly.
  const isEqual = (value: number): boolean => value === wanted || Math.abs(value - wanted) <= half * (1 + 1e-9)
  return ([value]) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return sign === '!='
    if (sign === '>') return value > wanted
    if (sign === '<') return value < wanted
    if (sign === '>=') return value >= wanted
    if (sign === '<=') return value <= wanted
    return (sign === '!=') !== isEqual(value)
  }
}

function wordTest(sign: Sign, wanted: string): Test {
  const word = wanted.toLowerCase()
  return (values) => {
    const own = values.filter((value) => value !== null).map((value) => String(value).toLowerCase())
    if (sign === ':') return own.some((one) => one.includes(word))
    return (sign === '!=') !== own.includes(word)
  }
}

/** @throws FilterError for a word that none of the field's has. */
function choiceOf({ name, choices }: FilterField, sign: Sign, wanted: string, at: number): string {
  if (!choices) return wanted
  const word = wanted.toLowerCase()
  if (choices.includes(word)) return word
  if (sign === ':' && name !== 'is' && choices.some((choice) => choice.includes(word))) return word
  const meant = closest(word, choices)
  throw new FilterError(
    `“${name}${sign}” knows no “${wanted}”; ${meant ? `did you mean “${meant}”?` : `use ${choices.join(', ')}`}`,
    at,
  )
}

function wordsOf(run: Summary): string {
  return [run.id, run.name, run.preset ?? run.network, run.dataset, ...run.tags, run.note].join(' ').toLowerCase()
}
