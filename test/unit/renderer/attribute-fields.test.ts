import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  attributeFields,
  type NumberRange,
  rangeText,
  readNumber,
  scaled,
  sharedFields,
  stepped,
} from '../../../renderer/designer/attribute-fields'
import { ops } from '../../../shared/ops'

const op = (kind: string) => ops.get(kind)!
const field = (kind: string, name: string) => attributeFields(op(kind)).find((one) => one.name === name)!

describe('the fields of a layer', () => {
  it('come from its own schema, with unit, range and default', () => {
    expect(field('conv2d', 'size')).toEqual({
      name: 'size',
      label: 'Size',
      kind: 'integer',
      description: 'side of the kernel',
      unit: 'pixels',
      least: 1,
      most: 255,
      default: 3,
      choices: [],
      grows: null,
    })
    expect(field('conv2d', 'filters')).toMatchObject({ default: null, grows: 'twofold', unit: null })
    expect(field('conv2d', 'padding')).toMatchObject({
      kind: 'choice',
      choices: ['same', 'valid', 'symmetric', 'explicit'],
      default: 'same',
    })
    expect(field('dense', 'bias')).toMatchObject({ kind: 'switch', default: true })
    expect(field('dropout', 'rate')).toMatchObject({ kind: 'number', least: 0, most: 0.99, default: 0.5 })
  })

  it('say their range and default in words', () => {
    expect(rangeText(field('conv2d', 'size'))).toBe('1–255, default 3')
    expect(rangeText(field('conv2d', 'filters'))).toBe('1–65536')
    expect(rangeText(field('batch-norm', 'epsilon'))).toBe('0–1, default 1e-5')
    expect(rangeText(field('dense', 'bias'))).toBe('default on')
    expect(rangeText(field('conv2d', 'padding'))).toBe('default same')
  })

  it('are read for every kind of layer, and each default is one that its schema takes', () => {
    for (const kind of ops.values())
      for (const one of attributeFields(kind)) {
        const schema = kind.attributes.shape[one.name]!
        expect(schema.safeParse(undefined).data ?? null).toBe(one.default)
      }
  })

  it('are shared by layers that have them by one name and one schema', () => {
    expect(sharedFields([op('conv2d'), op('depthwise-conv2d')]).map(({ name }) => name)).toEqual([
      'size',
      'stride',
      'padding',
      'zeros',
      'bias',
    ])
    expect(sharedFields([op('batch-norm'), op('group-norm')]).map(({ name }) => name)).toEqual(['epsilon'])
    expect(sharedFields([op('conv2d'), op('relu')])).toEqual([])
    // A convolution's usual size is another than a pooling's.
    expect(sharedFields([op('conv2d'), op('max-pool')]).map(({ name }) => name)).toEqual(['zeros'])
  })
})

describe('a number that is typed', () => {
  const size: NumberRange = field('conv2d', 'size') as NumberRange

  it('is taken inside of its range, and refused in words outside of it', () => {
    expect(readNumber('5', size)).toEqual({ value: 5 })
    for (const text of ['0', '256', '2.5', 'wide', ''])
      expect(readNumber(text, size)).toEqual({ problem: 'must be a whole number from 1 to 255' })
    expect(readNumber('0,25', { kind: 'number', least: 0, most: 1 })).toEqual({ value: 0.25 })
    expect(readNumber('-1', { kind: 'number', least: 0, most: null })).toEqual({ problem: 'must be a number of 0 or more' })
  })

  it('steps by one, or by one in its first digit', () => {
    const share: NumberRange = { kind: 'number', least: 0, most: 1 }
    expect(stepped(3, true, size)).toBe(4)
    expect(stepped(1, false, size)).toBe(1)
    expect(stepped(250, true, size, 10)).toBe(255)
    expect([stepped(1e-5, true, share), stepped(1e-5, false, share)]).toEqual([2e-5, 9e-6])
    expect([stepped(0.9, true, share), stepped(0.5, false, share), stepped(0, true, share)]).toEqual([1, 0.4, 0.1])
  })

  it('doubles and halves', () => {
    expect([scaled(16, 2, size), scaled(16, 0.5, size), scaled(1, 0.5, size), scaled(200, 2, size)]).toEqual([32, 8, 1, 255])
  })

  it('never leaves its range by the buttons', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.boolean(), fc.constantFrom(1, 10), (value, up, times) => {
        expect(readNumber(String(stepped(value, up, size, times)), size)).toHaveProperty('value')
        expect(readNumber(String(scaled(value, up ? 2 : 0.5, size)), size)).toHaveProperty('value')
      }),
    )
  })
})
