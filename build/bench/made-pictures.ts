import { Random } from '../../shared/random'

/** Side of the coarsest grid, and how much weaker each finer one is, about as in photographs. */
const [COARSEST, WEAKER] = [3, 0.55] as const

/** A picture like no other, of three colours: grids of random levels, each twice as fine and weaker, laid smoothly over one another. */
export function madePicture(image: number, side: number): Uint8Array {
  const random = new Random(image, 11)
  const values = new Float32Array(side * side * 3)
  for (let grid = COARSEST, strength = 60; grid < side; grid *= 2, strength *= WEAKER) {
    const levels = Float32Array.from({ length: (grid + 1) ** 2 * 3 }, () => strength * (2 * random.uniform() - 1))
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const [row, column] = [(y * grid) / side, (x * grid) / side]
        const [top, left] = [Math.floor(row), Math.floor(column)]
        const [down, across] = [row - top, column - left]
        for (let channel = 0; channel < 3; channel++) {
          const level = (i: number, j: number): number => levels[((top + i) * (grid + 1) + left + j) * 3 + channel]!
          values[(y * side + x) * 3 + channel]! +=
            (1 - down) * ((1 - across) * level(0, 0) + across * level(0, 1)) +
            down * ((1 - across) * level(1, 0) + across * level(1, 1))
        }
      }
  }
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => 128 + value))
}
