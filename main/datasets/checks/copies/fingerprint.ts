/**
 * A picture's fingerprint: the lowest frequencies of its brightness, by the discrete cosine transform of type II, and of each whether it is
 * above zero. Such a hash (Zauner 2010, section 3.2.1) changes little under compression and brightening. What is used here besides:
 * mirroring changes the signs of the odd frequencies and transposing swaps rows with columns, so that the fingerprints of all eight
 * positions follow from one.
 */

/** Frequencies a side. */
const WAVES = 8

/** One frequency: so many half waves down and across. */
export interface Frequency {
  readonly down: number
  readonly across: number
}

/** Those that are compared, the lowest first; both directions of each pair, as transposing swaps them. The mean is left out. */
export const FREQUENCIES: readonly Frequency[] = frequencies(7)

/** Of these the signs of the lowest are looked up: a whole number of diagonals, so that transposing keeps them. */
export const signCount = (images: number): number => (images > 500_000 ? 27 : 20)

function frequencies(most: number): Frequency[] {
  const found: Frequency[] = []
  for (let sum = 1; sum <= most; sum++) for (let down = 0; down <= sum; down++) found.push({ down, across: sum - down })
  return found
}

/** Where each frequency is found after a turn, and with which sign. */
export interface TurnedFrequencies {
  readonly from: Uint8Array
  readonly sign: Int8Array
}

/** A turned picture's coefficient k is `sign[k]` × the picture's coefficient `from[k]`. */
export function turnedFrequencies(turn: number): TurnedFrequencies {
  const from = FREQUENCIES.map(({ down, across }) => {
    const [wantedDown, wantedAcross] = turn & 4 ? [across, down] : [down, across]
    return FREQUENCIES.findIndex((other) => other.down === wantedDown && other.across === wantedAcross)
  })
  const sign = FREQUENCIES.map(
    ({ down, across }) => (turn & 1 && across % 2 === 1 ? -1 : 1) * (turn & 2 && down % 2 === 1 ? -1 : 1),
  )
  return { from: Uint8Array.from(from), sign: Int8Array.from(sign) }
}

/** Shares of red, green and blue in brightness (ITU-R BT.601). */
const BRIGHTNESS = [0.299, 0.587, 0.114]

/** Fingerprints of pictures of one side and so many channels. */
export class Fingerprints {
  private readonly waves: Float32Array
  private readonly grey: Float32Array
  private readonly shifted: Float32Array
  private readonly rows: Float32Array

  constructor(
    private readonly side: number,
    private readonly channels: number,
  ) {
    this.waves = Float32Array.from({ length: WAVES * side }, (_, i) => {
      const [wave, at] = [Math.floor(i / side), i % side]
      return Math.cos((Math.PI * (at + 0.5) * wave) / side) / side
    })
    this.grey = new Float32Array(side * side)
    this.shifted = new Float32Array(side * side)
    this.rows = new Float32Array(WAVES * side)
  }

  /**
   * @param pixels [side, side, channels]. @param down @param across The picture is moved by so many pixels first, its edge repeated.
   * @param to One value a frequency, in levels.
   */
  take(pixels: Float32Array, to: Float32Array, down = 0, across = 0): void {
    this.toGrey(pixels)
    const picture = down === 0 && across === 0 ? this.grey : this.shift(down, across)
    const { side, waves, rows } = this
    for (let wave = 0; wave < WAVES; wave++)
      for (let x = 0; x < side; x++) {
        let sum = 0
        for (let y = 0; y < side; y++) sum += waves[wave * side + y]! * picture[y * side + x]!
        rows[wave * side + x] = sum
      }
    for (let k = 0; k < FREQUENCIES.length; k++) {
      const { down: rowWave, across: columnWave } = FREQUENCIES[k]!
      let sum = 0
      for (let x = 0; x < side; x++) sum += waves[columnWave * side + x]! * rows[rowWave * side + x]!
      // What is nothing but rounding has no sign.
      to[k] = Math.abs(sum) < 1e-4 ? 0 : sum
    }
  }

  private toGrey(pixels: Float32Array): void {
    const { grey, channels } = this
    if (channels === 1) grey.set(pixels)
    else
      for (let i = 0; i < grey.length; i++) {
        let sum = 0
        for (let channel = 0; channel < channels; channel++)
          sum += (channels === 3 ? BRIGHTNESS[channel]! : 1 / channels) * pixels[i * channels + channel]!
        grey[i] = sum
      }
  }

  private shift(down: number, across: number): Float32Array {
    const { grey, shifted, side } = this
    const inside = (at: number): number => Math.min(side - 1, Math.max(0, at))
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) shifted[y * side + x] = grey[inside(y - down) * side + inside(x - across)]!
    return shifted
  }
}
