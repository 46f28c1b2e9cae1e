import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { complaintOf } from '../../../shared/plain-words'

const said = (schema: z.ZodType, value: unknown): string => complaintOf(schema.safeParse(value).error!).message

const training = z.strictObject({ batch: z.number().optional(), rate: z.number().optional(), warmUp: z.number().optional() })

describe('a schema’s complaint in plain words', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['must be at least 1', z.number().min(1), 0],
    ['must be at most 10000', z.number().max(10_000), 20_000],
    ['must be more than 0', z.number().gt(0), 0],
    ['must be less than 1', z.number().lt(1), 1],
    ['must be a whole number', z.number().int(), 1.5],
    ['must be a finite number', z.number(), NaN],
    ['must be a finite number', z.number().int(), Infinity],
    ['must have at least 1 entry', z.array(z.number()).min(1), []],
    ['must have at most 2 entries', z.array(z.number()).max(2), [1, 2, 3]],
    ['must have exactly 2 entries', z.array(z.number()).length(2), [1]],
    ['must have at least 1 character', z.string().min(1), ''],
    ['must have at most 200 characters', z.string().max(200), 'a'.repeat(201)],
    ['must be a number, not a string', z.number(), '3'],
    ['must be a number, not a string', z.int(), '3'],
    ['must be a string, not a number', z.string(), 3],
    ['must be a number, not a truth value', z.number(), true],
    ['must be true or false, not a string', z.boolean(), 'yes'],
    ['must be a list, not an object', z.array(z.number()), {}],
    ['must be an object, not a list', z.record(z.string(), z.number()), []],
    ['must be an object, not null', z.object({}), null],
    ['is missing', z.number(), undefined],
    ['must be “same” or “valid”', z.enum(['same', 'valid']), 'full'],
    ['must be “stem”, “block” or “transition”', z.enum(['stem', 'block', 'transition']), 'room'],
    ['must be 1', z.literal(1), 2],
    ['must be “run” or “item”', z.discriminatedUnion('of', [z.object({ of: z.literal('run') }), z.object({ of: z.literal('item') })]), { of: 'x' }], // prettier-ignore
    ['there is no field “a”', z.strictObject({}), { a: 1 }],
    ['there is no field “a”, “b” or “c”', z.strictObject({}), { a: 1, b: 2, c: 3 }],
    ['there is no field “bacth”; perhaps “batch”', training, { bacth: 3 }],
    ['there is no field “Rate” or “bacth”; perhaps “rate” or “batch”', training, { Rate: 1, bacth: 3 }],
    ['there is no field “a”, “b”, “c”, “d”, “e”, “f” or any of 2 more', training, Object.fromEntries([...'abcdefgh'].map((key) => [key, 1]))], // prettier-ignore
    ['there is no field “naem”; perhaps “name”', z.strictObject({ name: z.string() }), { naem: 'x' }],
    ['must be a multiple of 4', z.number().multipleOf(4), 6],
    ['must begin with “net/”', z.string().startsWith('net/'), 'block/'],
    ['must contain “.”', z.string().includes('.'), 'net'],
    ['is not written as it must be', z.email(), 'nobody'],
    ['must have at least 2 entries', z.set(z.number()).min(2), new Set([1])],
    ['its name must have at most 3 characters', z.record(z.string().max(3), z.number()), { batch: 1 }],
    ['must be null, not a string', z.null(), ''],
    ['must be “a”, 1 or true', z.literal(['a', 1, true]), null],
    ['must be a whole number', z.union([z.string(), z.object({ item: z.number().int() })]), { item: 0.5 }],
    ['does not fit', z.string().refine(() => false), ''],
    ['is not written as it must be', z.string().regex(/^a$/), 'b'],
    ['must be letters', z.string().regex(/^a$/, 'must be letters'), 'b'],
  ])('%s', (words, schema, value) => expect(said(schema, value)).toBe(words))
})
