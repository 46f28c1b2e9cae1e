/** How alike two pictures are; 1 for copies but for brightness and contrast, about 0 for unrelated ones. */
export interface Likeness {
  /** Correlation of the pixels over all channels, each channel's mean taken off, over the part that both share. */
  readonly whole: number
  /** The same of their detail alone: of what is left when the mean of each pixel's neighbourhood is taken off. */
  readonly detail: number
}

/** Pixels that one picture is moved against the other, [down, across]: none, then neighbours, then corners. */
export const MOVES: readonly (readonly [number, number])[] = Array.from({ length: 9 }, (_, i): [number, number] => [
  Math.floor(i / 3) - 1,
  (i % 3) - 1,
]).sort((one, other) => Math.abs(one[0]) + Math.abs(one[1]) - Math.abs(other[0]) - Math.abs(other[1]))

/** Both the best of nine moves, each its own. Symmetric. @param a @param b [side, side, channels]. */
export function likeness(a: Float32Array, b: Float32Array, side: number): Likeness {
  const whole = bestOfMoves(a, b, side)
  return { whole, detail: bestOfMoves(detailOf(a, side), detailOf(b, side), side) }
}

export function bestOfMoves(a: Float32Array, b: Float32Array, side: number): number {
  return MOVES.reduce((best, [down, across]) => Math.max(best, correlation(a, b, side, down, across)), -1)
}

/** What is left of a picture when the mean of the square around each pixel is taken off, 5 pixels wide where the picture has 32. */
export function detailOf(pixels: Float32Array, side: number): Float32Array {
  const channels = pixels.length / (side * side)
  const reach = Math.max(1, Math.round(side / 16))
  const rows = blurred(pixels, side, channels, reach, channels, side * channels)
  const both = blurred(rows, side, channels, reach, side * channels, channels)
  return pixels.map((value, i) => value - both[i]!)
}

/** Means of 2·reach + 1 pixels along one direction; the edge is repeated. */
function blurred(from: Float32Array, side: number, channels: number, reach: number, step: number, line: number): Float32Array {
  const to = new Float32Array(from.length)
  for (let at = 0; at < side; at++)
    for (let channel = 0; channel < channels; channel++) {
      const start = at * line + channel
      const value = (i: number): number => from[start + Math.min(side - 1, Math.max(0, i)) * step]!
      let sum = 0
      for (let i = -reach; i <= reach; i++) sum += value(i)
      for (let i = 0; i < side; i++) {
        to[start + i * step] = sum / (2 * reach + 1)
        sum += value(i + reach + 1) - value(i - reach)
      }
    }
  return to
}

/** The correlation where b is moved down and across against a, over the part that they share. */
export function correlation(a: Float32Array, b: Float32Array, side: number, down: number, across: number): number {
  const channels = a.length / (side * side)
  const [top, bottom] = [Math.max(0, down), Math.min(side, side + down)]
  const [left, right] = [Math.max(0, across), Math.min(side, side + across)]
  const pixels = (bottom - top) * (right - left)
  let product = 0
  let ofA = 0
  let ofB = 0
  for (let channel = 0; channel < channels; channel++) {
    let sumA = 0
    let sumB = 0
    let aa = 0
    let bb = 0
    let ab = 0
    for (let y = top; y < bottom; y++) {
      let atA = (y * side + left) * channels + channel
      let atB = ((y - down) * side + left - across) * channels + channel
      for (let x = left; x < right; x++, atA += channels, atB += channels) {
        const p = a[atA]!
        const q = b[atB]!
        sumA += p
        sumB += q
        aa += p * p
        bb += q * q
        ab += p * q
      }
    }
    product += ab - (sumA * sumB) / pixels
    ofA += aa - (sumA * sumA) / pixels
    ofB += bb - (sumB * sumB) / pixels
  }
  // What is nothing but rounding is like nothing.
  const scale = Math.sqrt(Math.max(0, ofA) * Math.max(0, ofB))
  return scale > 1e-3 ? product / scale : 0
}
