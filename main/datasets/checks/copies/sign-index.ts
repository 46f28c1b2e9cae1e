/** Bits of a sign pattern that may be of the other sign, in every combination, when it is looked up: the ones nearest to zero. */
const LOOSE = 6
/** Buckets are no more than 2 to this. */
const MOST_BUCKET_BITS = 24

/**
 * Images by the signs of their lowest frequencies. An image is found by its own pattern and by those in which any of its least certain
 * signs are turned round (multi-probe hashing, Lv et al. 2007): what a copy changes are those signs. The work for one image does not
 * grow with their number as long as the patterns grow with it, see `signCount`.
 */
export class SignIndex {
  private readonly starts: Uint32Array
  private readonly images: Uint32Array
  /** A bit for each bucket that holds an image: nearly all that are looked into hold none, and this table is small. */
  private readonly filled: Uint32Array
  private readonly loose = new Int32Array(LOOSE)
  private readonly masks = new Int32Array(1 << LOOSE)

  /** @param patterns Of each image. @param bits Of a pattern. @param isIn Whether an image can be found. */
  constructor(
    patterns: Uint32Array,
    private readonly bits: number,
    isIn: (image: number) => boolean,
  ) {
    const buckets = 2 ** Math.min(bits, MOST_BUCKET_BITS)
    this.starts = new Uint32Array(buckets + 1)
    this.filled = new Uint32Array(Math.max(1, buckets / 32))
    for (let image = 0; image < patterns.length; image++)
      if (isIn(image)) {
        const bucket = this.bucket(patterns[image]!)
        this.starts[bucket + 1]!++
        this.filled[bucket >>> 5]! |= 1 << (bucket & 31)
      }
    for (let bucket = 0; bucket < buckets; bucket++) this.starts[bucket + 1]! += this.starts[bucket]!
    this.images = new Uint32Array(this.starts[buckets]!)
    const next = this.starts.slice(0, buckets)
    for (let image = 0; image < patterns.length; image++)
      if (isIn(image)) this.images[next[this.bucket(patterns[image]!)]!++] = image
  }

  /**
   * The images that may be copies of one, some more than once.
   *
   * @param values Of each frequency, in units of its deviation over the set.
   * @param found They are written here, as many as there is room.
   * @returns how many there are.
   */
  search(values: Float32Array, found: Uint32Array): number {
    const { loose, masks, filled, starts, images } = this
    leastCertain(values, this.bits, loose)
    // Each mask is one with its lowest bit fewer, which came before it.
    for (let choice = 1; choice < masks.length; choice++) {
      const lowest = 31 - Math.clz32(choice & -choice)
      masks[choice] = masks[choice & (choice - 1)]! | (1 << loose[lowest]!)
    }
    const pattern = patternOf(values, this.bits)
    let count = 0
    for (let choice = 0; choice < masks.length; choice++) {
      const bucket = this.bucket(pattern ^ masks[choice]!)
      if (((filled[bucket >>> 5]! >>> (bucket & 31)) & 1) === 0) continue
      const end = starts[bucket + 1]!
      for (let at = starts[bucket]!; at < end; at++) {
        if (count === found.length) return count
        found[count++] = images[at]!
      }
    }
    return count
  }

  /** Patterns of more bits than there are buckets share some. */
  private bucket(pattern: number): number {
    return this.bits <= MOST_BUCKET_BITS ? pattern : Math.imul(pattern, 0x9e3779b1) >>> (32 - MOST_BUCKET_BITS)
  }
}

export function patternOf(values: Float32Array, bits: number): number {
  let pattern = 0
  for (let bit = 0; bit < bits; bit++) if (values[bit]! > 0) pattern |= 1 << bit
  return pattern
}

/** The bits whose values are nearest to zero. @param to As many as it has room for; 31, which is no sign, where there are fewer. */
function leastCertain(values: Float32Array, bits: number, to: Int32Array): void {
  let count = 0
  for (let bit = 0; bit < bits; bit++) {
    const size = Math.abs(values[bit]!)
    let place = Math.min(count, to.length)
    while (place > 0 && Math.abs(values[to[place - 1]!]!) > size) {
      if (place < to.length) to[place] = to[place - 1]!
      place--
    }
    if (place < to.length) to[place] = bit
    count = Math.min(count + 1, to.length)
  }
}
