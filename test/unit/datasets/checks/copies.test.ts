import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FREQUENCIES, Fingerprints, turnedFrequencies } from '../../../../main/datasets/checks/copies/fingerprint'
import { undone } from '../../../../main/datasets/checks/copies/groups'
import { likeness } from '../../../../main/datasets/checks/copies/likeness'
import { Reducer } from '../../../../main/datasets/checks/copies/reduce'
import { CopySearch } from '../../../../main/datasets/checks/copies/search'
import { TURNS, turned } from '../../../../main/datasets/checks/copies/turns'
import { brightened, movedPicture, picture, setOf, SIDE, turnedPicture } from './planted'

const seeds = fc.integer({ min: 1, max: 1_000_000 })
const turns = fc.constantFrom(...TURNS)
const floats = (seed: number): Float32Array => Float32Array.from(picture(seed))

describe('turns', () => {
  it('each is undone by one of them', () =>
    fc.assert(
      fc.property(seeds, turns, (seed, turn) => {
        const pixels = floats(seed)
        expect(turned(turned(pixels, SIDE, turn), SIDE, undone(turn))).toEqual(pixels)
      }),
      { numRuns: 24 },
    ))
})

describe('the fingerprint', () => {
  it('of a turned picture follows from that of the picture', () => {
    const prints = new Fingerprints(SIDE, 3)
    const [own, ofTurned] = [new Float32Array(FREQUENCIES.length), new Float32Array(FREQUENCIES.length)]
    fc.assert(
      fc.property(seeds, turns, (seed, turn) => {
        const pixels = floats(seed)
        prints.take(pixels, own)
        prints.take(turned(pixels, SIDE, turn), ofTurned)
        const { from, sign } = turnedFrequencies(turn)
        ofTurned.forEach((value, k) => expect(value).toBeCloseTo(sign[k]! * own[from[k]!]!, 3))
      }),
      { numRuns: 24 },
    )
  })
})

describe('likeness', () => {
  it('is symmetric, and the same for both pictures turned', () =>
    fc.assert(
      fc.property(seeds, seeds, turns, (one, other, turn) => {
        const [a, b] = [floats(one), floats(other)]
        const { whole, detail } = likeness(a, b, SIDE)
        const back = likeness(b, a, SIDE)
        const both = likeness(turned(a, SIDE, turn), turned(b, SIDE, turn), SIDE)
        for (const { whole: w, detail: d } of [back, both]) {
          expect(w).toBeCloseTo(whole, 4)
          expect(d).toBeCloseTo(detail, 4)
        }
      }),
      { numRuns: 10 },
    ))

  it('is 1 for a picture that is moved by a pixel, or brighter, and low for another one', () => {
    const pixels = picture(1)
    expect(likeness(floats(1), Float32Array.from(movedPicture(pixels, 1, -1)), SIDE).whole).toBeGreaterThan(0.9999)
    expect(
      likeness(
        floats(1),
        Float32Array.from(pixels, (value) => value / 2 + 20),
        SIDE,
      ).whole,
    ).toBeCloseTo(1, 4)
    expect(likeness(floats(1), floats(2), SIDE).whole).toBeLessThan(0.6)
    expect(likeness(new Float32Array(SIDE * SIDE * 3).fill(9), floats(2), SIDE).whole).toBe(0)
  })
})

describe('making pictures small', () => {
  it('keeps small ones as they are and takes means of large ones, whatever the ratio', () => {
    const small = new Float32Array(SIDE * SIDE * 3)
    new Reducer([SIDE, SIDE, 3]).reduce(picture(3), small)
    expect(small).toEqual(floats(3))
    const to = new Float32Array(32 * 32)
    const ramp = Uint8Array.from({ length: 48 * 80 }, (_, i) => (i % 80) * 2)
    new Reducer([48, 80, 1]).reduce(ramp, to)
    // A column's mean lies at its middle: 2.5 old columns, 5 levels a column.
    expect(to[0]).toBeCloseTo((0 * 1 + 2 * 1 + 4 * 0.5) / 2.5, 4)
    expect(to.reduce((sum, value) => sum + value, 0) / to.length).toBeCloseTo(79, 3)
  })
})

describe('the search', () => {
  const originals = Array.from({ length: 60 }, (_, i) => picture(100 + i))
  const altered: [string, (pixels: Uint8Array) => Uint8Array][] = [
    ...TURNS.slice(1).map((turn): [string, (pixels: Uint8Array) => Uint8Array] => [
      `turn ${turn}`,
      (p) => turnedPicture(p, turn),
    ]),
    ['one pixel down', (p) => movedPicture(p, 1, 0)],
    ['one pixel up and right', (p) => movedPicture(p, -1, 1)],
    ['brighter', brightened],
    ['mirrored, moved and brighter', (p) => brightened(movedPicture(turnedPicture(p, 1), 0, 1))],
  ]
  it.each(altered)('finds copies: %s', (_, alter) => {
    const images = setOf({
      train: originals.map((pixels) => ({ pixels })),
      test: originals.slice(0, 10).map((pixels) => ({ pixels: alter(pixels) })),
    })
    const search = new CopySearch(images)
    const pixels = new Uint8Array(SIDE * SIDE * 3)
    for (let image = 0; image < images.length; image++) {
      images.read(image, pixels)
      search.add(image, pixels)
    }
    search.ready()
    const found = Array.from({ length: images.length }, (__, image) => search.look(image).map(({ other }) => other))
    originals.slice(0, 10).forEach((__, i) => expect(found[60 + i]).toEqual([i]))
    expect(found.slice(10, 60).flat()).toEqual([])
  })
})
