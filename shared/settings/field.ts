import { z } from 'zod'
import { closest } from '../closest'
import { cutText } from '../cut-text'
import { complaintOf } from '../plain-words'
import { type NumberRange, numberOf, numberText, readNumber, wanted } from '../number-range'
import type { PlacedSetting } from './index'
import type { Setting } from './setting'

/** How a setting is asked for and written, as its schema says. */
export interface SettingField {
  readonly kind: 'number' | 'choice' | 'switch' | 'numbers' | 'text'
  /** Of a number alone. */
  readonly range: NumberRange | null
  /** Of a choice alone. */
  readonly choices: readonly string[]
  /** Undefined where it may be absent and then is. */
  readonly default: unknown
}

const known = new WeakMap<z.ZodType, SettingField>()

/** The field of a setting. */
export function fieldOf({ schema, text }: Pick<Setting, 'schema' | 'text'>): SettingField {
  const field = known.get(schema) ?? describe(schema, text !== undefined)
  known.set(schema, field)
  return field
}

/** Numbers and words that JSON Schema says of a schema. */
const Said = z.object({
  type: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  enum: z.array(z.string()).default([]),
})

function describe(schema: z.ZodType, hasText: boolean): SettingField {
  const inner = bare(schema)
  const absent = schema.safeParse(undefined)
  const common = { range: null, choices: [], default: absent.success ? absent.data : undefined }
  if (hasText) return { ...common, kind: 'text' }
  if (inner instanceof z.ZodArray) return { ...common, kind: 'numbers' }
  const said = Said.parse(z.toJSONSchema(inner, { io: 'input' }))
  if (inner instanceof z.ZodBoolean) return { ...common, kind: 'switch' }
  if (inner instanceof z.ZodEnum) return { ...common, kind: 'choice', choices: said.enum }
  if (!(inner instanceof z.ZodNumber)) return { ...common, kind: 'text' }
  const range: NumberRange = {
    kind: said.type === 'integer' ? 'integer' : 'number',
    least: said.minimum ?? said.exclusiveMinimum ?? null,
    most: said.maximum ?? null,
    ...(said.exclusiveMinimum !== undefined && { leastIsOut: true }),
  }
  return { ...common, kind: 'number', range }
}

/** A schema without its optional and default wrappings. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bare(schema.unwrap() as z.ZodType)
  return schema
}

/**
 * What a text means as a setting's value, or what is wrong with it: `wrong` tells what it is, `must` what it has to be, `remedy` what
 * to do, for whoever does not see the field.
 */
export type ReadValue = { readonly value: unknown } | { readonly wrong: string; readonly must: string; readonly remedy: string }

/** Reads a setting's value from text, of a field, an option, or `--set`. An empty text means that it is left out. */
export function readValue(setting: PlacedSetting, text: string): ReadValue {
  const trimmed = text.trim()
  if (trimmed === '') return { value: undefined }
  const read = convert(setting, trimmed)
  if (!('value' in read)) return read
  const checked = setting.schema.safeParse(read.value)
  if (checked.success) return read
  const must = complaintOf(checked.error).message.replace(/^must be /, '')
  return { wrong: `"${cutText(trimmed)}" does not fit`, must, remedy: `it must be ${must}` }
}

function convert(setting: PlacedSetting, text: string): ReadValue {
  const { kind, range, choices } = fieldOf(setting)
  const told = `"${cutText(text)}"`
  const usual = `; without it, it is ${usualText(setting)}`
  if (kind === 'number') {
    const read = readNumber(text, range!)
    if ('value' in read) return read
    const must = wanted(range!)
    if (Number.isFinite(numberOf(text))) return { wrong: `${told} is out of range`, must, remedy: `give ${must}${usual}` }
    return { wrong: `${told} is not a number`, must, remedy: `write it like ${range!.kind === 'integer' ? '10' : '0.1 or 1e-4'}` }
  }
  if (kind === 'choice') {
    if (choices.includes(text)) return { value: text }
    const must = `one of ${choices.join(', ')}`
    const near = closest(text, choices)
    return { wrong: `${told} is not one of its words`, must, remedy: near === undefined ? `use ${must}` : `perhaps ${near}` }
  }
  if (kind === 'switch') {
    const value = SWITCHES.get(text)
    if (value !== undefined) return { value }
    return { wrong: `${told} is neither true nor false`, must: 'true or false', remedy: 'write true or false' }
  }
  if (kind === 'numbers') {
    const list = text.startsWith('[')
      ? parseList(text)
      : text
          .split(/[,;/\s]+/)
          .filter(Boolean)
          .map(Number)
    if (Array.isArray(list) && list.every((one) => typeof one === 'number' && Number.isFinite(one))) return { value: list }
    const must = `${setting.unit ?? 'numbers'}, for example 150, 225`
    return { wrong: `${told} is not a list of numbers`, must, remedy: 'write it like 150,225' }
  }
  if (!setting.text) return { value: text }
  try {
    return { value: setting.text.read(text) }
  } catch (error) {
    const { example } = setting.text
    const wrong = error instanceof SyntaxError ? `this is no JSON (${error.message})` : `${told} cannot be read`
    // What the setting's own reader says it must be knows more than an example.
    const must = error instanceof Error && error.constructor === Error ? error.message : undefined
    return {
      wrong,
      must: must ?? `like ${example}`,
      remedy: must === undefined ? `write it like ${example}` : `it must be ${must}`,
    }
  }
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
])

function parseList(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A value as it is written in a field, an option or after `--set`; empty where it is absent. */
export function writeValue(setting: PlacedSetting, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (setting.text) return setting.text.write(value)
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'number' ? numberText(value) : String(value)
}

/** A value for people: with the words of a choice, on and off, and its unit where it is a number. */
export function tellValue(setting: PlacedSetting, value: unknown): string {
  const { kind } = fieldOf(setting)
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return setting.absent ?? 'none'
  if (kind === 'switch') return value === true ? 'on' : 'off'
  if (typeof value === 'string') return setting.words?.[value] ?? value
  const text = writeValue(setting, value)
  return setting.unit === undefined ? text : `${text} ${setting.unit}`
}

/** `0.1`, `on`, `no limit`: what a setting is where nothing is said. */
export function usualText(setting: PlacedSetting): string {
  const { default: usual, kind } = fieldOf(setting)
  if (usual === undefined || (Array.isArray(usual) && usual.length === 0)) return setting.absent ?? 'none'
  return kind === 'switch' ? (usual ? 'on' : 'off') : writeValue(setting, usual)
}
