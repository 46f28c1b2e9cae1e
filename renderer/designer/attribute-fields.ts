import { z } from 'zod'
import { numberText } from '../../shared/number-range'
import type { OpDefinition } from '../../shared/ops/op'

export { type NumberRange, numberText, readNumber, scaled, stepped } from '../../shared/number-range'

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

/** `warmUp` → `Warm up`. */
function labelOf(name: string): string {
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
