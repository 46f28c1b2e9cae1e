import type { Split } from '../dataset'

/** Images of one size, one behind the other, 0–255: [images, height, width, channels]. */
export interface Images {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** The size at which images of height×width are told where at most `side` pixels are wanted: smaller by a whole factor. */
export function reducedSize(
  height: number,
  width: number,
  side: number | undefined,
): { height: number; width: number; factor: number } {
  const factor = side === undefined ? 1 : Math.max(1, Math.floor(Math.max(height, width) / side))
  return { height: Math.max(1, Math.floor(height / factor)), width: Math.max(1, Math.floor(width / factor)), factor }
}

/**
 * Images of a split by their indices.
 *
 * @param side Where one of their sides has at least twice as many pixels they come smaller, each value the rounded mean of a square of
 * them; what is left over at the right and below is dropped.
 */
export function imagesOf(split: Split, indices: readonly number[], side?: number): Images {
  const [fullHeight, fullWidth, channels] = split.shape
  const { height, width, factor } = reducedSize(fullHeight, fullWidth, side)
  const length = height * width * channels
  const pixels = new Uint8Array(indices.length * length)
  if (factor === 1) indices.forEach((index, i) => split.read(index, pixels, i * length))
  else {
    const full = new Uint8Array(fullHeight * fullWidth * channels)
    indices.forEach((index, i) => {
      split.read(index, full, 0)
      reduce(full, fullWidth, channels, factor, pixels.subarray(i * length, (i + 1) * length), width)
    })
  }
  return { height, width, channels, pixels }
}

function reduce(from: Uint8Array, fromWidth: number, channels: number, factor: number, to: Uint8Array, width: number): void {
  const area = factor * factor
  for (let at = 0; at < to.length; at++) {
    const channel = at % channels
    const place = (at - channel) / channels
    const column = (place % width) * factor
    const row = Math.floor(place / width) * factor
    let sum = 0
    for (let y = row; y < row + factor; y++)
      for (let x = column; x < column + factor; x++) sum += from[(y * fromWidth + x) * channels + channel]!
    to[at] = Math.round(sum / area)
  }
}
