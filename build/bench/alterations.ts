import { turned } from '../../main/datasets/checks/copies/turns'

/** What is done to a picture of [side, side, channels], 0–255. */
export type Alteration = (pixels: Uint8Array) => Uint8Array

/** JPEG's table for brightness (ITU-T T.81, table K.1), made coarser for a quality as the Independent JPEG Group has it. */
const TABLE = [
  ...[
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80,
    62,
  ],
  ...[
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112,
    100, 103, 99,
  ],
]
const wave = (k: number, n: number): number => Math.sqrt((k === 0 ? 1 : 2) / 8) * Math.cos((Math.PI * (n + 0.5) * k) / 8)

/** The ways in which planted copies differ from their originals, by name. */
export function alterations(side: number, channels: number): Readonly<Record<string, Alteration>> {
  const pick = (pixels: Uint8Array, from: (y: number, x: number) => [number, number]): Uint8Array =>
    pixels.map((_, i) => {
      const at = Math.floor(i / channels)
      const [y, x] = from(Math.floor(at / side), at % side)
      const inside = (value: number): number => Math.min(side - 1, Math.max(0, value))
      return pixels[(inside(y) * side + inside(x)) * channels + (i % channels)]!
    })
  const turn = (which: number) => (pixels: Uint8Array) => Uint8Array.from(turned(Float32Array.from(pixels), side, which))

  /** Each channel's blocks of 8×8 through the cosine transform, JPEG's rounding, and back. */
  function compressed(quality: number): (pixels: Uint8Array) => Uint8Array {
    const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality
    const steps = TABLE.map((value) => Math.max(1, Math.floor((value * scale + 50) / 100)))
    const eight = [0, 1, 2, 3, 4, 5, 6, 7]
    return (pixels) => {
      const to = new Uint8ClampedArray(pixels)
      for (let top = 0; top + 8 <= side; top += 8)
        for (let left = 0; left + 8 <= side; left += 8)
          for (let channel = 0; channel < channels; channel++) {
            const at = (y: number, x: number): number => ((top + y) * side + left + x) * channels + channel
            const sum = (of: (y: number, x: number) => number): number =>
              eight.reduce((all, y) => all + eight.reduce((row, x) => row + of(y, x), 0), 0)
            const rounded = steps.map((step, k) => {
              const [down, across] = [Math.floor(k / 8), k % 8]
              return step * Math.round(sum((y, x) => (pixels[at(y, x)]! - 128) * wave(down, y) * wave(across, x)) / step)
            })
            for (const y of eight)
              for (const x of eight)
                to[at(y, x)] = 128 + sum((down, across) => rounded[down * 8 + across]! * wave(down, y) * wave(across, x))
          }
      return new Uint8Array(to)
    }
  }

  return {
    mirrored: turn(1),
    'turned by 90°': turn(5),
    'turned by 180°': turn(3),
    'a pixel down': (pixels) => pick(pixels, (y, x) => [y - 1, x]),
    'a pixel up and right': (pixels) => pick(pixels, (y, x) => [y + 1, x - 1]),
    'JPEG, quality 75': compressed(75),
    'JPEG, quality 30': compressed(30),
    'brighter by 20 %': (pixels) => pixels.map((value) => Math.min(255, value * 1.2)),
    'mirrored, moved, brighter, JPEG 75': (pixels) =>
      compressed(75)(pick(turn(1)(pixels), (y, x) => [y - 1, x]).map((value) => Math.min(255, value * 1.15))),
  }
}
