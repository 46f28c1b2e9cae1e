import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelArea, type LabelPlace, labelPlaces, overlaps } from '../../../renderer/designer/exchange/label-places'

const at = (x: number, y: number): LabelPlace => ({ x, y, anchor: 'start' })

describe('a label in a picture', () => {
  it('takes the first of its places that is free of nodes and labels', () => {
    const place = labelPlaces([{ x: 0, y: 0, width: 50, height: 40 }])
    expect(place('8×8×64', [at(20, 20), at(80, 20)])).toEqual(at(80, 20))
    expect(place('8×8×64', [at(80, 20), at(200, 20)])).toEqual(at(200, 20))
  })

  it('is moved down where none is free', () => {
    const place = labelPlaces([])
    place('8×8×64', [at(0, 20)])
    expect(place('8×8×64', [at(0, 20)])).toEqual(at(0, 32))
  })

  it('never lies on another', () => {
    const places = fc.array(fc.record({ x: fc.integer({ min: 0, max: 300 }), y: fc.integer({ min: 0, max: 300 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(places, (points) => {
        const place = labelPlaces([])
        const areas = points.map(({ x, y }) => labelArea(place('16×16×32', [at(x, y)]), '16×16×32'))
        expect(areas.some((a, i) => areas.some((b, j) => j > i && overlaps(a, b)))).toBe(false)
      }),
    )
  })
})
