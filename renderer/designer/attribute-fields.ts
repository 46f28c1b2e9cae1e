import { z } from 'zod'
import type { OpDefinition } from '../../shared/ops/op'

/** An attribute of a layer as the inspector asks for it. */
export interface AttributeField {
  readonly name: string
  /** `Filters`. */
  readonly label: string
  readonly kind: 'integer' | 'number' | 'choice' | 'switch'
  readonly description: string
  /** `pixels`; null for a plain number. */
  readonly unit: string | null
  readonly least: number | null
  readonly most: number | null
  /** What it is where the document does not say it; null where the document must. */
  readonly default: AttributeValue | null
  /** Of a choice alone. */
  readonly choices: readonly string[]
  /** People think of it in powers of two. */
  readonly grows: 'twofold' | null
}
export type AttributeValue = number | string | boolean

/** What a schema says of an attribute, in the words of JSON Schema, with the metadata of shared/ops beside them. */
const Said = z.object({
  type: z.enum(['integer', 'number', 'string', 'boolean']),
  description: z.string().default(''),
  unit: z.string().nullable().default(null),
  minimum: z.number().nullable().default(null),
  maximum: z.number().nullable().default(null),
  default: z.union([z.number(), z.string(), z.boolean()]).nullable().default(null),
  enum: z.array(z.string()).default([]),
  grows: z.literal('twofold').nullable().default(null),
})
const KINDS = { integer: 'integer', number: 'number', string: 'choice', boolean: 'switch' } as const
const known = new WeakMap<OpDefinition, readonly AttributeField[]>()

/** The fields of a kind of layer, in the order of its schema. */
export function attributeFields(op: OpDefinition): readonly AttributeField[] {
  const fields = known.get(op) ?? fieldsOf(op)
  known.set(op, fields)
  return fields
}

function fieldsOf(op: OpDefinition): AttributeField[] {
  const { properties = {} } = z.toJSONSchema(op.attributes, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { type, minimum, maximum, enum: choices, ...said } = Said.parse(property)
    return { name, label: labelOf(name), kind: KINDS[type], least: minimum, most: maximum, choices, ...said }
  })
}

/** Attributes that all of these kinds have, by the same name and with the same schema. */
export function sharedFields(kinds: readonly OpDefinition[]): readonly AttributeField[] {
  const [first, ...others] = [...new Set(kinds)]
  if (!first) return []
  const signature = (field: AttributeField): string => JSON.stringify(field)
  const sets = others.map((op) => new Set(attributeFields(op).map(signature)))
  return attributeFields(first).filter((field) => sets.every((set) => set.has(signature(field))))
}

/** The range and the default in a few words: `1–255, default 3`. */
export function rangeText({ kind, least, most, default: usual }: AttributeField): string {
  const text = (value: AttributeValue): string => (typeof value === 'number' ? numberText(value) : String(value))
  const range =
    kind === 'choice' || kind === 'switch'
      ? ''
      : least !== null && most !== null
        ? `${text(least)}–${text(most)}`
        : least !== null
          ? `${text(least)} or more`
          : most !== null
            ? `${text(most)} or less`
            : ''
  const said = kind === 'switch' ? (usual ? 'on' : 'off') : usual === null ? '' : text(usual)
  return [range, said && `default ${said}`].filter(Boolean).join(', ')
}

/** What numbers are allowed, for a field of numbers. */
export interface NumberRange {
  readonly kind: 'integer' | 'number'
  readonly least: number | null
  readonly most: number | null
}

/** The number that a text means, or what is wrong with it in words: `must be a whole number from 1 to 255`. */
export function readNumber(text: string, range: NumberRange): { readonly value: number } | { readonly problem: string } {
  // People write 1 000 and 0,5 too.
  const value = Number(text.replace(/[\s\u202f]/g, '').replace(/^(-?\d*),(\d+)$/, '$1.$2') || NaN)
  const isRight =
    Number.isFinite(value) &&
    (range.kind === 'number' || Number.isInteger(value)) &&
    value >= (range.least ?? -Infinity) &&
    value <= (range.most ?? Infinity)
  return isRight ? { value } : { problem: `must be ${wanted(range)}` }
}

function wanted({ kind, least, most }: NumberRange): string {
  const what = kind === 'integer' ? 'a whole number' : 'a number'
  if (least !== null && most !== null) return `${what} from ${numberText(least)} to ${numberText(most)}`
  if (least !== null) return `${what} of ${numberText(least)} or more`
  return most !== null ? `${what} of ${numberText(most)} or less` : what
}

/**
 * The next number up or down: whole numbers by one, others by one in their first digit (0.9 → 1, 1e-5 → 2e-5, 0.1 → 0.09), never out
 * of the range.
 */
export function stepped(value: number, up: boolean, range: NumberRange, times = 1): number {
  let next = value
  for (let i = 0; i < times; i++) next += up ? stepOf(next, true, range) : -stepOf(next, false, range)
  return within(next, range)
}

function stepOf(value: number, up: boolean, { kind, most }: NumberRange): number {
  if (kind === 'integer') return 1
  if (value === 0) return (most ?? 1) / 10
  const magnitude = Math.floor(Math.log10(Math.abs(value)) + 1e-9)
  const isRound = Math.abs(value) <= 10 ** magnitude * (1 + 1e-9)
  return 10 ** (isRound && !up ? magnitude - 1 : magnitude)
}

/** Twice or half; what cannot be halved evenly is rounded down. */
export function scaled(value: number, factor: 2 | 0.5, range: NumberRange): number {
  const next = value * factor
  return within(range.kind === 'integer' ? Math.floor(next) : next, range)
}

function within(value: number, { kind, least, most }: NumberRange): number {
  const inside = Math.min(most ?? Infinity, Math.max(least ?? -Infinity, value))
  return kind === 'integer' ? inside : Number(inside.toPrecision(10))
}

/** A number as it is typed: 65536, 0.9, 1e-5. */
export function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

/** `warmUp` → `Warm up`. */
function labelOf(name: string): string {
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
