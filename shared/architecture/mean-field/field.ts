/**
 * What mean-field theory knows of a value before any training: its channels are alike, so that of each place of the image there are three numbers, over
 * the weights that might have been drawn (Poole et al. 2016; for convolutions Xiao et al. 2018).
 */
export interface Field {
  readonly height: number
  readonly width: number
  /** Mean of x² at each place. */
  readonly square: Float64Array
  /** Mean of x·x′ over two images, which is what of the mean square is the channels' mean: square less it is their variance. */
  readonly pair: Float64Array
  /** Mean over the channels at each place. */
  readonly mean: Float64Array
  /** Whether no value is below 0. */
  readonly isPositive?: boolean | undefined
  /** What was joined, one behind another along the channels: those of one part are alike, and of two they need not be. */
  readonly parts?: readonly Part[]
}

export interface Part {
  readonly field: Field
  readonly channels: number
}

export function uniformField(height: number, width: number, square: number, pair: number, mean: number): Field {
  const all = (value: number): Float64Array => new Float64Array(height * width).fill(value)
  return { height, width, square: all(square), pair: all(pair), mean: all(mean) }
}

/** Of a value whose channels are not alike: means over all of them, and the parts themselves. */
export function joined(parts: readonly Part[]): Field {
  const all = parts.reduce((sum, { channels }) => sum + channels, 0)
  const mixed = (of: (field: Field) => Float64Array): Float64Array =>
    of(parts[0]!.field).map((_, i) => parts.reduce((sum, { field, channels }) => sum + (of(field)[i]! * channels) / all, 0))
  const { height, width } = parts[0]!.field
  const isPositive = parts.every(({ field }) => field.isPositive)
  return { height, width, square: mixed(({ square }) => square), pair: mixed(({ pair }) => pair), mean: mixed(({ mean }) => mean), isPositive, parts } // prettier-ignore
}

/** Some of its channels, counted from 0. */
export function channelsOf(field: Field, first: number, count: number): Field {
  if (!field.parts) return field
  let before = 0
  const taken = field.parts.flatMap(({ field: part, channels }) => {
    const [from, to] = [Math.max(first, before), Math.min(first + count, before + channels)]
    const own = from < to ? [{ field: channelsOf(part, from - before, to - from), channels: to - from }] : []
    before += channels
    return own
  })
  return taken.length === 1 ? taken[0]!.field : joined(taken)
}

export const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Square of a channel's mean over all images and places. Two places of two images go with one another as the roots of their own pairs do, since what differs
 * from place to place, near the zeros around the image, is how large the value is.
 */
export function squaredMean({ pair }: Field): number {
  return average(pair.map((value) => Math.sqrt(Math.max(0, value)))) ** 2 || average(pair)
}

/** The same with other numbers at each place. */
export function placewise(
  { height, width, ...own }: Field,
  of: (square: number, pair: number, mean: number) => readonly [square: number, pair: number, mean: number],
): Field {
  const found = Array.from(own.square, (square, i) => of(square, own.pair[i]!, own.mean[i]!))
  const [square, pair, mean] = [0, 1, 2].map((which) => Float64Array.from(found, (three) => three[which]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  return { height, width, square, pair, mean }
}

/** Every `stride`th row and column of it. */
export function strided({ width: own, ...field }: Field, height: number, width: number, stride: number): Field {
  const taken = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: height * width }, (_, i) => values[Math.floor(i / width) * stride * own + (i % width) * stride]!)
  return { height, width, square: taken(field.square), pair: taken(field.pair), mean: taken(field.mean) }
}

/** Along a side: where a window's first tap lies at output 0, how far it steps, and how far its taps lie apart. */
export interface Taps {
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** Zeros before the image, along its height and its width. */
  readonly before: readonly [number, number]
}

/**
 * Sum over a window's taps of those that lie within the image, times a weight's variance and the channels that a filter sees.
 * @param isCentred Of filters of mean 0, which see nothing of the channels' common mean.
 */
export function windowed(field: Field, height: number, width: number, taps: Taps, gain: number, isCentred = false): Field {
  const { size, stride, dilation } = taps
  const [above, left] = taps.before
  const [square, pair] = [new Float64Array(height * width), new Float64Array(height * width)]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [squares, pairs] = [0, 0]
      for (let i = 0; i < size; i++) {
        const row = y * stride + i * dilation - above
        if (row < 0 || row >= field.height) continue
        for (let j = 0; j < size; j++) {
          const column = x * stride + j * dilation - left
          if (column < 0 || column >= field.width) continue
          const place = row * field.width + column
          const common = isCentred ? field.mean[place]! ** 2 : 0
          squares += field.square[place]! - common
          pairs += field.pair[place]! - common
        }
      }
      square[y * width + x] = gain * squares
      pair[y * width + x] = gain * pairs
    }
  return { height, width, square, pair, mean: new Float64Array(height * width) }
}
