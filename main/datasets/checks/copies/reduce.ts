/** Side of the pictures that are compared, pixels; larger ones are made smaller first. */
const LARGEST_SIDE = 32

export type Shape = readonly [height: number, width: number, channels: number]

/** Side of the square that pictures of this shape are compared as. */
const comparedSide = ([height, width]: Shape): number => Math.min(LARGEST_SIDE, height, width)

/**
 * Makes pictures of one shape square and small: each new pixel is the mean over its share of the old ones. Pictures that are square
 * and small already come out as they are. It is the same for a picture that is mirrored or turned, but for that.
 */
export class Reducer {
  readonly side: number
  private readonly rows: readonly Share[]
  private readonly columns: readonly Share[]

  constructor(private readonly shape: Shape) {
    this.side = comparedSide(shape)
    this.rows = shares(shape[0], this.side)
    this.columns = shares(shape[1], this.side)
  }

  /** @param pixels [height, width, channels], 0–255. @param to [side, side, channels]. */
  reduce(pixels: Uint8Array, to: Float32Array): void {
    const [height, width, channels] = this.shape
    if (height === this.side && width === this.side) {
      to.set(pixels)
      return
    }
    let at = 0
    for (const row of this.rows)
      for (const column of this.columns)
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0
          row.weights.forEach((weight, i) => {
            const start = ((row.first + i) * width + column.first) * channels + channel
            for (let j = 0; j < column.weights.length; j++) sum += weight * column.weights[j]! * pixels[start + j * channels]!
          })
          to[at++] = sum
        }
  }
}

/** The old pixels that a new one is the mean of, and how much each counts. */
interface Share {
  readonly first: number
  readonly weights: readonly number[]
}

function shares(from: number, to: number): Share[] {
  const size = from / to
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [(i * from) / to, ((i + 1) * from) / to]
    const first = Math.floor(begin)
    const last = Math.min(from - 1, Math.ceil(end) - 1)
    const weights = Array.from({ length: last - first + 1 }, (_, j) => {
      const covered = Math.min(end, first + j + 1) - Math.max(begin, first + j)
      return covered / size
    })
    return { first, weights }
  })
}
