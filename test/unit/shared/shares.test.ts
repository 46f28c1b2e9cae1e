import fc from 'fast-check'
import { expect, it } from 'vitest'
import { complement } from '../../../shared/shares'

it('the rest of a share has the digits that the share has', () => {
  expect([0.18, 0.9361, 0, 1].map(complement)).toEqual([0.82, 0.0639, 1, 0])
  expect(complement(0.999999999)).toBe(1e-9)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60000 }), fc.integer({ min: 1, max: 60000 }), (right, more) => {
      const images = right + more
      expect(complement(right / images)).toBeCloseTo(more / images, 15)
    }),
  )
})
