import { describe, expect, it } from 'vitest'
import { changeChannels } from '../../../main/datasets/prepared/pixels/channels'
import { crop, pad } from '../../../main/datasets/prepared/pixels/crop-pad'
import type { PixelStep } from '../../../main/datasets/prepared/pixels/pixel-step'
import { resize } from '../../../main/datasets/prepared/pixels/resize'

const made = (step: PixelStep, from: readonly number[]): number[] => {
  const to = new Uint8Array(step.shape.reduce((product, side) => product * side, 1))
  step.apply(Uint8Array.from(from), to)
  return [...to]
}
/** A picture of 5×7 that has no pattern. */
const PICTURE = Array.from({ length: 35 }, (_, i) => (37 * i * i + 11 * i) % 256)
const COLOURS = [0, 60, 226, 242, 108, 80, 158, 86, 120, 4, 250, 90, 36, 88, 246, 254, 112, 76]

describe('resizing', () => {
  it('by bilinear weights is what torch 2.15 computes with antialias, rounded', () => {
    const to = (height: number, width: number): number[] =>
      made(resize([5, 7, 1], { step: 'resize', height, width, method: 'bilinear' }), PICTURE)
    expect(to(3, 4)).toEqual([67, 119, 168, 168, 152, 127, 165, 191, 173, 114, 111, 166])
    const grown =
      '0 32 102 157 110 121 173 181 118 43 77 99 118 161 174 166 163 177 107 132 96 75 220 236 159 145 247 194 116 100 135 159 177 193 200 197 215 139 126 146 111 132 195 214 160 169 202 174 108 76 100 166 187 136 146 192 165 94 64 92 160 185 136 132 180 155 86 58 88 158 185 138'
    expect(to(8, 9).join(' ')).toBe(grown)
  })

  it('by area is the mean of what each pixel covers, shares of pixels included', () => {
    const halved = made(resize([2, 4, 1], { step: 'resize', height: 1, width: 2, method: 'area' }), [0, 1, 10, 20, 2, 4, 30, 41])
    // 7/4 and 101/4.
    expect(halved).toEqual([2, 25])
    // (0 + 90·½)/1.5 and (90·½ + 180)/1.5.
    expect(made(resize([1, 3, 1], { step: 'resize', height: 1, width: 2, method: 'area' }), [0, 90, 180])).toEqual([30, 150])
    expect(made(resize([1, 2, 1], { step: 'resize', height: 2, width: 4, method: 'area' }), [7, 9])).toEqual([
      7, 7, 9, 9, 7, 7, 9, 9,
    ])
    // Halves go up.
    expect(made(resize([1, 2, 1], { step: 'resize', height: 1, width: 1, method: 'area' }), [4, 5])).toEqual([5])
  })

  it('keeps a flat picture flat and one of its own size as it is', () => {
    for (const method of ['area', 'bilinear'] as const) {
      const flat = made(resize([3, 7, 3], { step: 'resize', height: 10, width: 5, method }), new Array<number>(63).fill(201))
      expect(new Set(flat)).toEqual(new Set([201]))
      expect(made(resize([5, 7, 1], { step: 'resize', height: 5, width: 7, method }), PICTURE)).toEqual(PICTURE)
    }
  })
})

describe('other steps of pixels', () => {
  it('grey is what Pillow 12 makes of it', () => {
    expect(made(changeChannels([2, 3, 3], { step: 'channels', channels: 'grey' }), COLOURS)).toEqual([61, 145, 111, 158, 90, 150])
  })

  it('colour is the grey three times, and what is so already stays', () => {
    expect(made(changeChannels([1, 2, 1], { step: 'channels', channels: 'colour' }), [3, 9])).toEqual([3, 3, 3, 9, 9, 9])
    expect(made(changeChannels([2, 3, 3], { step: 'channels', channels: 'colour' }), COLOURS)).toEqual(COLOURS)
  })

  it('crops to the middle and pads around it, the smaller half of an odd margin above and to the left', () => {
    const three = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    expect(made(crop([3, 3, 1], { step: 'crop', height: 2, width: 1 }), three)).toEqual([2, 5])
    expect(made(pad([1, 2, 1], { step: 'pad', height: 2, width: 5, value: 9 }), [1, 2])).toEqual([9, 1, 2, 9, 9, 9, 9, 9, 9, 9])
    expect(() => crop([3, 3, 1], { step: 'crop', height: 4, width: 1 })).toThrow('images of 3×3 cannot be cropped to 4×1')
    expect(() => pad([3, 3, 1], { step: 'pad', height: 2, width: 4, value: 0 })).toThrow('cannot be padded to 2×4')
  })
})
