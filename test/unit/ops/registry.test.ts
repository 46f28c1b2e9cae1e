import { describe, expect, it } from 'vitest'
import { ops } from '../../../shared/ops'
import { MisfitError } from '../../../shared/ops/misfit'
import { slide } from '../../../shared/ops/op'

const kinds = [...ops.values()]

describe('every kind of layer', () => {
  it.each(kinds)('$kind has a title, refuses attributes that it does not know, and bounds those that it does', (op) => {
    expect(op.title).toMatch(/^[A-Z]/)
    expect(op.attributes.safeParse({ unknown: 1 }).success).toBe(false)
    for (const name of Object.keys(op.attributes.shape)) {
      for (const value of [NaN, Infinity, -1e300, 1e300, 'x', {}])
        expect(op.attributes.safeParse({ [name]: value }).success).toBe(false)
    }
  })

  it('has a kind that is a word of its own, and a title of its own', () => {
    expect(new Set(kinds.map(({ title }) => title)).size).toBe(kinds.length)
    for (const { kind } of kinds) expect(kind).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(ops.has('block')).toBe(false)
  })
})

describe('shapes', () => {
  const shape = (kind: string, inputs: number[][], attributes: object = {}) => {
    const op = ops.get(kind)!
    return op.shape(inputs, op.attributes.parse(attributes))
  }

  it.each<[string, number[][], object, number[]]>([
    ['conv2d', [[32, 31, 3]], { filters: 16, stride: 2 }, [16, 16, 16]],
    ['conv2d', [[32, 31, 3]], { filters: 16, stride: 2, padding: 'valid' }, [15, 15, 16]],
    ['max-pool', [[7, 8, 5]], {}, [3, 4, 5]],
    ['max-pool', [[7, 8, 5]], { padding: 'same' }, [4, 4, 5]],
    ['l2-pool', [[8, 4, 5]], {}, [4, 2, 5]],
    ['duplicate', [[8, 4, 5]], { times: 3 }, [8, 4, 15]],
    ['padding-shortcut', [[7, 4, 5]], { filters: 9 }, [4, 2, 9]],
    ['concatenate', [[2, 2, 1], [2, 2, 4]], {}, [2, 2, 5]], // prettier-ignore
    ['multiply', [[4, 3, 2], [2]], {}, [4, 3, 2]], // prettier-ignore
    ['multiply', [[1, 1, 2], [4, 3, 2]], {}, [4, 3, 2]], // prettier-ignore
    ['multiply', [[4, 3, 2], [4, 3, 1]], {}, [4, 3, 2]], // prettier-ignore
    ['multiply', [[5], [5]], {}, [5]], // prettier-ignore
    ['global-l2-pool', [[8, 4, 5]], {}, [5]],
    ['dense', [[8, 4, 5]], { units: 2 }, [2]],
    ['softmax-cross-entropy', [[5]], {}, []],
  ])('of %s from %j with %j', (kind, inputs, attributes, wanted) => expect(shape(kind, inputs, attributes)).toEqual(wanted))

  it.each<[string, number[][], object, string]>([
    ['l2-pool', [[9, 8, 1]], {}, 'size'],
    ['padding-shortcut', [[8, 8, 4]], { filters: 3 }, 'filters'],
    ['add', [[2, 2, 1], [2, 2, 2]], {}, 'inputs'], // prettier-ignore
    ['concatenate', [[2, 2, 1], [2, 3, 1]], {}, 'inputs'], // prettier-ignore
    ['multiply', [[4, 3, 2], [3]], {}, 'inputs'], // prettier-ignore
    ['multiply', [[4, 3, 1], [1, 1, 2]], {}, 'inputs'], // prettier-ignore
    ['multiply', [[1], [2]], {}, 'inputs'], // prettier-ignore
    ['max-pool', [[1, 1, 1]], {}, 'size'],
    ['conv2d', [[5]], { filters: 1 }, 'inputs'],
  ])('of %s from %j do not fit, and the field is named', (kind, inputs, attributes, field) => {
    expect(() => shape(kind, inputs, attributes)).toThrow(MisfitError)
    expect(() => shape(kind, inputs, attributes)).toThrow(expect.objectContaining({ field }) as Error)
  })

  it('follow TensorFlow’s SAME and VALID', () => {
    expect([slide(5, 3, 1, 'same'), slide(5, 3, 2, 'same'), slide(5, 3, 2, 'valid'), slide(5, 5, 9, 'valid')]).toEqual([
      5, 3, 2, 1,
    ])
  })
})
