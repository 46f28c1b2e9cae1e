import type { z } from 'zod'
import type { LabApi } from '../../shared/api'
import { cutText } from '../../shared/cut-text'
import { UserError } from '../../shared/errors'
import { type PlacedSetting, families, settings } from '../../shared/settings'
import { readOption, shortPath, withOption } from '../../shared/settings/command-line'
import { type ReadValue, fieldOf, readValue, usualText } from '../../shared/settings/field'
import { findSetting } from '../../shared/settings/find'
import { putAt } from '../../shared/settings/values'
import type { HelpRow, Option, Parsed } from './arguments'

/** What `runs.start` takes beside the network. */
export type Settings = Omit<z.input<(typeof LabApi)['runs.start']['input']>, 'network'>

/** The options of the settings that have one, as they are declared. */
export const settingOptions: readonly Option[] = withOption.map(optionOf)

/** A declared setting's option. */
export function optionOf(setting: PlacedSetting): Option {
  const option = setting.option!
  const words = option.says ?? lowerFirst(setting.says)
  return {
    name: option.name,
    ...(setting.also && { also: setting.also }),
    ...(option.value !== null && { value: option.value ?? wordsOf(setting) ?? 'N' }),
    description: option.value === null ? words : `${words} (${option.usual ?? usualText(setting)})`,
  }
}

/** `--set`: any setting, those without an option too. */
export const setOption: Option = {
  name: 'set',
  value: 'KEY=VALUE',
  description: 'any setting by its path: training.momentum=0.95, data.train=5000',
  many: true,
}

/** The settings that have no option, for the help: how `--set` calls them, what they are, and what they are where nothing is said. */
export const settingRows: readonly HelpRow[] = settings
  .filter(({ option }) => option === undefined)
  .map((setting) => ({
    left: shortPath(setting),
    text: `${lowerFirst(setting.says)} (${usualText(setting)}${unitOf(setting)})`,
    words: fieldOf(setting).choices,
  }))

/** The unit behind the default, where the sentence does not have it already. */
function unitOf({ says, unit = '' }: PlacedSetting): string {
  const bare = unit.replace(/^(×|a) /, '')
  return says.toLowerCase().includes(bare) ? '' : ` ${unit}`
}

/** The words that a choice is of, as an option's value tells them; undefined where it is none. */
function wordsOf(setting: Pick<PlacedSetting, 'schema' | 'text'>): string | undefined {
  const { kind, choices } = fieldOf(setting)
  return kind === 'choice' ? choices.join('|') : undefined
}

/** `Images in a step` in the middle of a line; an abbreviation keeps its capitals. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** Where each setting was given, by its path: two words for one are refused, whichever would win. */
export type Given = Map<string, string>

/** @throws UserError where the setting was given before. */
function claim(given: Given, path: string, place: string): void {
  const before = given.get(path)
  if (before !== undefined)
    throw new UserError(`${shortPath({ path })} is given twice${before === place ? '' : `, by ${before} too`}`, {
      place,
      remedy: 'leave one of them out',
    })
  given.set(path, place)
}

/**
 * Puts the settings that were given as options into `target`.
 *
 * @throws UserError for a value that is none of the setting's.
 */
export function applyOptions(target: Settings, words: Parsed, given: Given): void {
  for (const setting of withOption) {
    const { name, value } = setting.option
    const text = value === null ? (words.flag(name) ? '' : undefined) : words.text(name)
    if (text === undefined) continue
    const read = readOption(setting, text)
    claim(given, setting.path, `--${name}`)
    if ('set' in read) {
      for (const [path, one] of Object.entries(read.set)) {
        // Beside its own an option says of others what they are by default; that is not given.
        if (path !== setting.path && !isUsual(path, one)) claim(given, path, `--${name}`)
        putAt(target, path, one)
      }
    } else putAt(target, setting.path, valueOf(setting, text, read, `--${name}`))
  }
}

function isUsual(path: string, value: unknown): boolean {
  const setting = settings.find((one) => one.path === path)
  return setting !== undefined && JSON.stringify(fieldOf(setting).default) === JSON.stringify(value)
}

/**
 * Puts `key=value` into the settings. The key is a path (`training.momentum`) or its end, where that is unique (`momentum`).
 *
 * @throws UserError for a key that is none or several, one that was given before, and a value that is not of its kind or out of its range.
 */
export function applySetting(target: Settings, assignment: string, given: Given): void {
  const equals = assignment.indexOf('=')
  if (equals < 1)
    throw new UserError(`"${cutText(assignment)}" is not key=value`, {
      place: '--set',
      remedy: 'for example --set momentum=0.95',
    })
  const key = assignment.slice(0, equals).trim()
  const text = assignment.slice(equals + 1).trim()
  const whole = wholeFamily(key, text)
  if (whole) {
    const parts = typeof whole.value === 'object' && whole.value !== null ? Object.keys(whole.value) : ['layers']
    for (const part of parts) claim(given, `${whole.path}.${part}`, `--set ${key}`)
    return putAt(target, whole.path, whole.value)
  }
  const setting = findSetting(key, '--set')
  claim(given, setting.path, `--set ${key}`)
  putAt(target, setting.path, valueOf(setting, text, readValue(setting, text), `--set ${key}`))
}

/** The value of a declared setting's option. @throws UserError for a value that is none of the setting's. */
export function optionValue(setting: PlacedSetting, words: Parsed): unknown {
  const { name } = setting.option!
  const text = words.text(name)
  return text === undefined ? undefined : valueOf(setting, text, readValue(setting, text), `--${name}`)
}

/** What was read. @throws UserError with the sentence of what is wrong, and what to do. */
function valueOf(setting: PlacedSetting, text: string, read: ReadValue, place: string): unknown {
  if (!('value' in read)) throw new UserError(read.wrong, { place, remedy: read.remedy })
  const usual = fieldOf(setting).default
  if (read.value !== undefined || usual === undefined) return read.value
  // Nothing is a list too.
  if (Array.isArray(usual)) return []
  throw new UserError(`"${text}" is no value`, { place, remedy: `its usual one is ${usualText(setting)}` })
}

/** `whitening=true`, or a whole object of settings as JSON; null where the key is no family's, or the text is neither. */
function wholeFamily(key: string, text: string): { path: string; value: unknown } | null {
  const path = families.has(key) ? key : `training.${key}`
  const family = families.get(path)
  if (!family) return null
  if (family.isSwitch && /^(true|false)$/.test(text)) return { path, value: text === 'true' }
  if (!text.startsWith('{')) return null
  try {
    return { path, value: JSON.parse(text) }
  } catch (error) {
    throw new UserError(`this is no JSON (${(error as Error).message})`, {
      place: `--set ${key}`,
      remedy: 'write it like {"every":10}',
    })
  }
}
