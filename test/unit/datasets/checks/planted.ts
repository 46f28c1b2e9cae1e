import type { CheckedImages } from '../../../../main/datasets/checks/images'
import { turned } from '../../../../main/datasets/checks/copies/turns'
import { Random } from '../../../../shared/random'

export const SIDE = 32

/** A picture like no other: waves in three colours, the shorter the weaker, as in photographs; 0–255. */
export function picture(seed: number): Uint8Array {
  const random = new Random(seed)
  const waves = Array.from({ length: 24 }, () => ({
    down: random.integer(12),
    across: random.integer(12),
    phase: random.uniform() * 6.28,
    sizes: [random.uniform(), random.uniform(), random.uniform()],
  }))
  const pixels = new Uint8Array(SIDE * SIDE * 3)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      for (let channel = 0; channel < 3; channel++) {
        const value = waves.reduce(
          (sum, { down, across, phase, sizes }) =>
            sum + (sizes[channel]! * Math.cos((Math.PI * (down * y + across * x)) / SIDE + phase)) / (1 + down + across),
          0,
        )
        pixels[(y * SIDE + x) * 3 + channel] = 127 + 40 * value
      }
  return pixels
}

export const turnedPicture = (pixels: Uint8Array, turn: number): Uint8Array =>
  Uint8Array.from(turned(Float32Array.from(pixels), SIDE, turn))

/** Moved by whole pixels; the edge is repeated. */
export function movedPicture(pixels: Uint8Array, down: number, across: number): Uint8Array {
  const inside = (at: number): number => Math.min(SIDE - 1, Math.max(0, at))
  return pixels.map((_, i) => {
    const [y, x] = [Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE]
    return pixels[(inside(y - down) * SIDE + inside(x - across)) * 3 + (i % 3)]!
  })
}

export const brightened = (pixels: Uint8Array): Uint8Array => pixels.map((value) => Math.min(255, value * 1.2 + 10))

/** White strokes on black through four places that differ a little, all of one label: no two are the same, many are alike. */
export function strokes(count: number, seed = 5): { pixels: Uint8Array; label: number }[] {
  const random = new Random(seed)
  const near = (place: number, by: number): number => place + by * (2 * random.uniform() - 1)
  return Array.from({ length: count }, () => {
    const places = [8, 24, 8, 16].map((x, i): [number, number] => [near(x, 2.5), near(5 + 7 * i, 2)])
    const pixels = new Uint8Array(SIDE * SIDE * 3)
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const away = Math.min(...places.slice(1).map((place, i) => distance([x, y], places[i]!, place)))
        pixels.fill(Math.max(0, Math.min(255, 128 * (3 - away))), (y * SIDE + x) * 3, (y * SIDE + x + 1) * 3)
      }
    return { pixels, label: 0 }
  })
}

/** Of a place from the stretch between two others. */
function distance([x, y]: [number, number], [fromX, fromY]: [number, number], [toX, toY]: [number, number]): number {
  const [acrossX, acrossY] = [toX - fromX, toY - fromY]
  const along = Math.min(1, Math.max(0, ((x - fromX) * acrossX + (y - fromY) * acrossY) / (acrossX ** 2 + acrossY ** 2)))
  return Math.hypot(x - fromX - along * acrossX, y - fromY - along * acrossY)
}

/** Splits of pictures with labels as a set that is checked. */
export function setOf(splits: Readonly<Record<string, readonly { pixels: Uint8Array; label?: number }[]>>): CheckedImages {
  const all = Object.values(splits).flat()
  let first = 0
  return {
    splits: Object.entries(splits).map(([name, { length }]) => {
      const split = { name, first, length }
      first += length
      return split
    }),
    classes: ['a', 'b'],
    shape: [SIDE, SIDE, 3],
    length: all.length,
    labels: Int32Array.from(all, ({ label = 0 }) => label),
    read: (image, target) => target.set(all[image]!.pixels),
    close: () => undefined,
  }
}
