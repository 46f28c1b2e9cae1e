/**
 * The eight ways in which a square picture can lie: as it is, or transposed, and then mirrored left to right, upside down, or both.
 * A turn is three bits: 1 mirrors left to right, 2 upside down, 4 transposes before.
 */
export type Turn = number

export const TURNS: readonly Turn[] = [0, 1, 2, 3, 4, 5, 6, 7]

/** What people call them. */
export const turnWords: readonly string[] = [
  'as it is',
  'mirrored',
  'upside down',
  'turned by 180°',
  'transposed',
  'turned by 90°',
  'turned by 270°',
  'turned by 90° and mirrored',
]

/** @param pixels [side, side, channels]. @returns the picture as it lies after the turn. */
export function turned(pixels: Float32Array, side: number, turn: Turn): Float32Array {
  const channels = pixels.length / (side * side)
  const to = new Float32Array(pixels.length)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [row, column] = [turn & 2 ? side - 1 - y : y, turn & 1 ? side - 1 - x : x]
      const from = (turn & 4 ? column * side + row : row * side + column) * channels
      for (let channel = 0; channel < channels; channel++) to[(y * side + x) * channels + channel] = pixels[from + channel]!
    }
  return to
}
