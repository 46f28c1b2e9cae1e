import { describe, expect, it } from 'vitest'
import { type Augmentation, checkAugmentation, Window } from '../../../main/datasets/augment'
import { drawsOf } from '../../../main/engine/training/draws'
import { Random } from '../../../shared/random'

const [HEIGHT, WIDTH, CHANNELS] = [3, 4, 2]
const levelsOfImage = Uint8Array.from({ length: HEIGHT * WIDTH * CHANNELS }, (_, i) => i)
/** What the levels become: another number in each channel, none of them 0. */
const levels = Float32Array.from({ length: CHANNELS * 256 }, (_, i) => (i % 256) + 1 + 1000 * Math.floor(i / 256))
const image = Float32Array.from(levelsOfImage, (level, i) => levels[256 * (i % CHANNELS) + level]!)
const at = (values: Float32Array, y: number, x: number, channel: number): number => values[(y * WIDTH + x) * CHANNELS + channel]!

function augmented(augmentation: Augmentation, random: Random): Float32Array {
  const window = new Window(augmentation, HEIGHT, WIDTH)
  const result = new Float32Array(image.length)
  window.draw(random)
  window.apply(levelsOfImage, levels, result, 0)
  return result
}

/** What a shift by rows and columns and a mirror make of the image. */
function expected(top: number, left: number, mirrored: boolean, padding: 'zero' | 'reflect'): number[] {
  const inside = (place: number, side: number): number | undefined =>
    place >= 0 && place < side ? place : padding === 'zero' ? undefined : place < 0 ? -place : 2 * (side - 1) - place
  const values: number[] = []
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      for (let channel = 0; channel < CHANNELS; channel++) {
        const row = inside(y + top, HEIGHT)
        const column = inside((mirrored ? WIDTH - 1 - x : x) + left, WIDTH)
        values.push(row === undefined || column === undefined ? 0 : at(image, row, column, channel))
      }
  return values
}

describe('an augmented image', () => {
  it.each(['zero', 'reflect'] as const)('is a window of the padded one, mirrored or not, all alike often (%s)', (padding) => {
    const random = new Random(1)
    const all = new Map<string, number>()
    for (const top of [-1, 0, 1])
      for (const left of [-1, 0, 1])
        for (const mirrored of [false, true]) all.set(expected(top, left, mirrored, padding).join(), 0)
    expect(all.size).toBe(18)
    const draws = 3600
    for (let i = 0; i < draws; i++) {
      const key = [...augmented({ flip: true, crop: 1, padding }, random)].join()
      expect(all.has(key)).toBe(true)
      all.set(key, all.get(key)! + 1)
    }
    // Five standard errors.
    for (const count of all.values()) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(200))
  })

  it('is the image itself where nothing is asked', () => {
    expect(augmented({ flip: false, crop: 0, padding: 'zero' }, new Random(1))).toEqual(image)
  })

  it('is the same for the same seed and step, and another for another', () => {
    const wide = { flip: true, crop: 2, padding: 'reflect' } as const
    const series = (seed: number, step: number): string =>
      Array.from({ length: 8 }, (_, i) => [...augmented(wide, drawsOf(seed, 5, step + i))].join()).join(';')
    expect(series(1, 1)).toBe(series(1, 1))
    expect(series(1, 1)).not.toBe(series(2, 1))
    expect(series(1, 1)).not.toBe(series(1, 2))
  })

  it('cannot be reflected farther than it reaches', () => {
    expect(() => checkAugmentation({ flip: false, crop: 2, padding: 'reflect' }, { shape: [3, 4, 2] })).not.toThrow()
    expect(() => checkAugmentation({ flip: false, crop: 3, padding: 'reflect' }, { shape: [3, 4, 2] })).toThrow(
      'training.augmentation.crop: images of 3×4 cannot be reflected 3 pixels beyond their edge; use at most 2, or zero padding',
    )
    expect(() => checkAugmentation({ flip: false, crop: 30, padding: 'zero' }, { shape: [3, 4, 2] })).not.toThrow()
  })
})
