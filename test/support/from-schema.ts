import fc from 'fast-check'
import { z } from 'zod'

/** Words that mean something here, so that some of what is made gets past the first look. */
const WORDS = [
  ...['plain:blocks=1,widths=4/8', 'proc-resnet:blocks=1,planes=4/8/16', 'proc-resnet-166', 'densenet-bc:blocks=1,growth=4'],
  ...['shapes10', 'digits', 'train', 'test', 'spirals:classes=3', 'conv1', 'stage1.block1', 'input', 'logits', 'loss', 'a'],
]

/** Levels of nested documents that are made; the schemas allow more. */
const DEEPEST = 3

/**
 * Values that fit a schema, mostly: refinements are not looked at, so that some do not. Of what is neither number nor text, such as typed
 * arrays, anything is made.
 */
export function fitting(schema: z.ZodType, depth = 0): fc.Arbitrary<unknown> {
  const inner = (part: unknown): fc.Arbitrary<unknown> => fitting(part as z.ZodType, depth)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fc.option(inner(schema.unwrap()), { nil: undefined })
  if (schema instanceof z.ZodNullable) return fc.option(inner(schema.unwrap()), { nil: null })
  if (schema instanceof z.ZodReadonly) return inner(schema.unwrap())
  if (schema instanceof z.ZodPipe) return inner(schema.in instanceof z.ZodTransform ? schema.out : schema.in)
  if (schema instanceof z.ZodLazy) return depth < DEEPEST ? fitting(schema.unwrap() as z.ZodType, depth + 1) : fc.constant(null)
  if (schema instanceof z.ZodObject) return objects(schema.shape as Record<string, z.ZodType>, depth)
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), inner(schema.valueType), {
      maxKeys: 4,
    })
  if (schema instanceof z.ZodTuple) return fc.tuple(...(schema.def.items as unknown[]).map(inner))
  if (schema instanceof z.ZodArray) return fc.array(inner(schema.element), { minLength: 0, maxLength: 4 })
  if (schema instanceof z.ZodUnion) return fc.oneof(...(schema.options as unknown[]).map(inner))
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...(schema.values as Set<unknown>))
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...(schema.options as unknown[]))
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodNumber) return numbers(schema)
  if (schema instanceof z.ZodString)
    return fc.oneof(fc.constantFrom(...WORDS), fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.max(schema.minLength ?? 0, 20) })) // prettier-ignore
  return fc.anything()
}

function objects(shape: Record<string, z.ZodType>, depth: number): fc.Arbitrary<unknown> {
  const parts = Object.fromEntries(Object.entries(shape).map(([name, part]) => [name, fitting(part, depth)]))
  return fc
    .record(parts)
    .map((made: Record<string, unknown>) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)))
}

function numbers(schema: z.ZodNumber): fc.Arbitrary<number> {
  const [least, most] = [schema.minValue, schema.maxValue].map((bound) =>
    bound !== null && Number.isFinite(bound) ? bound : undefined,
  )
  const min = least ?? -1000
  const max = Math.max(min, most ?? 1000)
  const near = fc.integer({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.min(Math.floor(max), Math.ceil(min) + 3)) })
  if (schema.isInt || schema.format === 'safeint')
    return fc.oneof(near, fc.integer({ min: Math.ceil(min), max: Math.floor(max) }))
  return fc.oneof(near, fc.double({ min, max, noNaN: true }))
}
