import { UserError } from '../errors'
import { numberOf } from '../number-range'
import { findSetting } from '../settings/find'
import { fieldOf, readValue } from '../settings/field'
import type { PlacedSetting } from '../settings'
import { withOption } from '../settings/command-line'
import type { SearchAxis } from './space'

/** `rate=1e-4..0.1, batch=16..128, optimiser=sgd|adam`: axes by commas or spaces. */
export const SPACE_EXAMPLE = 'rate=1e-4..0.1,weight-decay=0..0.01,batch=16..64'

/**
 * The axes of a space out of text: `SETTING=LOW..HIGH`, with `:log` or `:linear` behind it where the usual scale is not meant, or `SETTING=A|B|C`. A setting is called as on the
 * command line or by its path, an option of a preset `network.blocks`.
 *
 * @throws UserError that names the part that cannot be read.
 */
export function readSpace(text: string, place = '--space'): SearchAxis[] {
  const parts = text.split(/[,\s]+(?=[\w.-]+=)|\n+/).filter((part) => part.trim() !== '')
  if (parts.length === 0) throw new UserError('there is no setting to vary', { place, remedy: `write it like ${SPACE_EXAMPLE}` })
  return parts.map((part) => readAxis(part.trim(), place))
}

/** One axis of a space. @throws UserError. */
export function readAxis(part: string, place: string): SearchAxis {
  const [, key, text] = /^([\w.-]+)=(.+)$/.exec(part) ?? []
  const refuse = (problem: string, remedy: string): UserError => new UserError(`${problem} in "${part}"`, { place, remedy })
  if (key === undefined || text === undefined)
    throw refuse('a setting and what it may be are needed', `write it like ${SPACE_EXAMPLE}`)
  const setting = key === 'network' || key.startsWith('network.') ? null : settingOf(key, place)
  const path = setting?.path ?? key
  const interval = /^(\S+?)\.\.(\S+?)(?::(log|linear))?$/.exec(text)
  if (!interval) return { path, choices: choicesOf(setting, text, refuse) }
  const field = setting && fieldOf(setting)
  if (field && field.kind !== 'number') throw refuse('this setting is no number', 'write its choices like sgd|adam')
  const ends = [interval[1]!, interval[2]!].map((end) => {
    const value = setting ? numberIn(setting, end, refuse) : numberOf(end)
    if (!Number.isFinite(value)) throw refuse(`"${end}" is not a number`, 'write it like 1e-4..0.1')
    return value
  })
  const [low, high] = ends as [number, number]
  if (!(low < high)) throw refuse('the lower end is not below the higher one', 'write the lower end first')
  const grows = setting?.grows ?? 'linear'
  const asked = interval[3] as 'log' | 'linear' | undefined
  const whole = field ? field.range?.kind === 'integer' : Number.isInteger(low) && Number.isInteger(high)
  if (grows === 'twofold' && asked === undefined && low > 0) return { path, choices: doublings(low, high) }
  if (asked === 'log' && low <= 0) throw refuse('a logarithmic scale begins above 0', 'raise the lower end, or write :linear')
  return { path, low, high, scale: asked ?? (grows !== 'linear' && low > 0 ? 'log' : 'linear'), whole: whole ?? false }
}

/** By its option's name too, which may be another than its path: `weight-decay`. */
function settingOf(key: string, place: string): PlacedSetting {
  return withOption.find(({ option }) => option.name === key) ?? findSetting(camel(key), place)
}

const camel = (key: string): string => key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

type Refuse = (problem: string, remedy: string) => UserError

function numberIn(setting: PlacedSetting, text: string, refuse: Refuse): number {
  const read = readValue(setting, text)
  if ('value' in read && typeof read.value === 'number') return read.value
  throw 'value' in read ? refuse(`"${text}" is not a number`, 'write it like 1e-4..0.1') : refuse(read.wrong, read.remedy)
}

function choicesOf(setting: PlacedSetting | null, text: string, refuse: Refuse): unknown[] {
  const words = text.split('|').map((word) => word.trim())
  if (words.length < 2) throw refuse('one value varies nothing', 'write two ends like 1e-4..0.1, or choices like 16|32|64')
  const values = words.map((word) => {
    if (!setting) return Number.isFinite(numberOf(word)) ? numberOf(word) : word
    const read = readValue(setting, word)
    if (!('value' in read)) throw refuse(read.wrong, read.remedy)
    return read.value ?? null
  })
  if (new Set(values.map((value) => JSON.stringify(value))).size < values.length)
    throw refuse('a choice is there twice', 'leave one of them out')
  return values
}

/** 16, 32, 64 of 16 to 64; the higher end is the last one wherever the doubling ends. */
function doublings(low: number, high: number): number[] {
  const values: number[] = []
  for (let value = low; value < high; value *= 2) values.push(value)
  return [...values, high]
}
