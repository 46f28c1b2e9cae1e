import type { CheckedImages } from '../images'
import { FREQUENCIES, Fingerprints, signCount, type TurnedFrequencies, turnedFrequencies } from './fingerprint'
import { bestOfMoves, correlation, detailOf, MOVES } from './likeness'
import { Reducer } from './reduce'
import { patternOf, SignIndex } from './sign-index'
import { TURNS, type Turn, turned } from './turns'

/** Two images of the set that are alike: `other` is like `image` after this turn of `image`. */
export interface NearPair {
  readonly image: number
  readonly other: number
  readonly turn: Turn
  /** See `Likeness`. */
  readonly whole: number
  readonly detail: number
}

/** From which likeness on two images count as copies. Measured on CIFAR-10, see docs/datasets.md. */
export const COPY = { whole: 0.85, detail: 0.6 } as const
/** Likeness of images that are eight times nearer than that. Where pictures look alike as such, none but these are told. */
export const TIGHT = 1 - (1 - COPY.whole) / 8

/** Correlation of two fingerprints from which on the pixels are compared. */
const LEAST_FINGERPRINT = 0.7
/** Correlation of the pixels from which on more than one move is tried: the right one is at most a pixel away. */
const LEAST_AT_ONCE = 0.75
/** Images that one image is looked up among in one position, and compared with pixel by pixel in all. */
const MOST_FOUND = 1024
const MOST_COMPARED = 200
/** Look-alikes that an image has at most; the nearest are kept. */
const MOST_ALIKE = 16
/** Fingerprints are kept as whole numbers of this part of a level. */
const STEP = 1 / 100
/** A picture whose brightness varies less than this has nothing to be known by; levels. */
const LEAST_CONTRAST = 2
/** Small forms of the images are kept where all of them take no more than this, bytes; else each is read when it is compared. */
const MOST_KEPT = 256e6
/** The picture is looked up as it is, and moved by a pixel each way. */
const LOOKED_UP = MOVES.slice(0, 5)

/**
 * Finds images that are alike but for turning, mirroring, a pixel's shift, brightness, contrast and compression. In two passes: `add` takes
 * every image's fingerprint, `look` then looks each up among the others and compares what is found pixel by pixel. Neither compares all
 * pairs.
 */
export class CopySearch {
  private readonly reducer: Reducer
  private readonly fingerprints: Fingerprints
  private readonly turns: readonly TurnedFrequencies[]
  private readonly kept: Int16Array
  /** Length of each image's fingerprint in units of the deviations. */
  private readonly lengths: Float32Array
  private readonly isIn: Uint8Array
  private readonly pixels: Uint8Array
  private readonly pictures: Uint8Array | undefined
  private readonly ones: Float32Array
  private readonly others: Float32Array
  private readonly values = new Float32Array(FREQUENCIES.length)
  private readonly scaled = new Float32Array(FREQUENCIES.length)
  private readonly squares = new Float64Array(FREQUENCIES.length)
  private readonly inverse = new Float32Array(FREQUENCIES.length)
  private readonly found = new Uint32Array(MOST_FOUND)
  private readonly seen: Uint32Array
  private added = 0
  private searches = 0
  private index: SignIndex | undefined
  /** Images that had more look-alikes than are compared. */
  crowded = 0
  private readonly isTight: Uint8Array

  constructor(private readonly images: CheckedImages) {
    const { length, shape, classes } = images
    this.isTight = new Uint8Array(classes.length)
    this.reducer = new Reducer(shape)
    this.fingerprints = new Fingerprints(this.reducer.side, shape[2])
    this.turns = TURNS.map(turnedFrequencies)
    this.kept = new Int16Array(length * FREQUENCIES.length)
    this.lengths = new Float32Array(length)
    this.isIn = new Uint8Array(length)
    this.seen = new Uint32Array(length)
    this.pixels = new Uint8Array(shape[0] * shape[1] * shape[2])
    const size = this.reducer.side ** 2 * shape[2]
    this.pictures = size * length <= MOST_KEPT ? new Uint8Array(size * length) : undefined
    this.ones = new Float32Array(size)
    this.others = new Float32Array(size)
  }

  /** @param pixels Of an image that is none of those that were added, byte for byte. */
  add(image: number, pixels: Uint8Array): void {
    this.reducer.reduce(pixels, this.ones)
    this.pictures?.set(this.ones, image * this.ones.length)
    this.fingerprints.take(this.ones, this.values)
    let size = 0
    for (const value of this.values) size += value * value
    // Coefficients are so scaled that those of a picture whose brightness varies by d levels have together about the length d / 2.
    if (Math.sqrt(size) * 2 < LEAST_CONTRAST) return
    this.isIn[image] = 1
    this.added++
    const start = image * FREQUENCIES.length
    for (let k = 0; k < FREQUENCIES.length; k++) {
      this.kept[start + k] = Math.round(this.values[k]! / STEP)
      this.squares[k]! += this.values[k]! ** 2
    }
  }

  /** After the last `add`. */
  ready(): void {
    const { squares, inverse, kept, images, lengths, isIn } = this
    FREQUENCIES.forEach(({ down, across }, k) => {
      // Both directions alike, so that turned pictures are measured as the others.
      const swapped = FREQUENCIES.findIndex((other) => other.down === across && other.across === down)
      inverse[k] = 1 / Math.sqrt((squares[k]! + squares[swapped]!) / 2 / Math.max(1, this.added) + 1e-6)
    })
    const bits = signCount(images.length)
    const patterns = new Uint32Array(images.length)
    for (let image = 0; image < images.length; image++) {
      if (isIn[image] === 0) continue
      let sum = 0
      for (let k = 0; k < FREQUENCIES.length; k++) {
        const value = kept[image * FREQUENCIES.length + k]! * STEP * inverse[k]!
        this.values[k] = value
        sum += value * value
      }
      lengths[image] = Math.sqrt(sum)
      patterns[image] = patternOf(this.values, bits)
    }
    this.index = new SignIndex(patterns, bits, (image) => isIn[image] === 1)
  }

  /** From now on images of these classes are like others only where they are far nearer than the bound. */
  tighten(classes: readonly number[]): void {
    for (const label of classes) this.isTight[label] = 1
  }

  /** Whether two images are copies at the usual bounds, in whatever position. */
  areAlike(one: number, other: number): boolean {
    const { side } = this.reducer
    this.picture(one, this.ones)
    this.picture(other, this.others)
    const detail = detailOf(this.others, side)
    return TURNS.some((turn) => {
      const picture = turned(this.ones, side, turn)
      return (
        bestOfMoves(picture, this.others, side) >= COPY.whole && bestOfMoves(detailOf(picture, side), detail, side) >= COPY.detail
      )
    })
  }

  /** The images that this one is like, the nearest first; a pair may be told from both its sides. */
  look(image: number): NearPair[] {
    if (this.isIn[image] === 0) return []
    this.picture(image, this.ones)
    const picture = this.ones
    const turns: Float32Array[] = []
    const best = new Map<number, NearPair>()
    let compared = 0
    let isCrowded = false
    for (const [down, across] of LOOKED_UP) {
      this.fingerprints.take(picture, this.values, down, across)
      for (let k = 0; k < this.values.length; k++) this.values[k]! *= this.inverse[k]!
      for (const turn of TURNS) {
        const length = this.turnValues(turn)
        const search = ++this.searches
        const count = this.index!.search(this.scaled, this.found)
        if (count === MOST_FOUND) isCrowded = true
        for (let i = 0; i < count; i++) {
          const other = this.found[i]!
          if (this.seen[other] === search || other === image) continue
          this.seen[other] = search
          if (this.product(other) < LEAST_FINGERPRINT * length * this.lengths[other]! || best.has(other)) continue
          if (++compared > MOST_COMPARED) {
            isCrowded = true
            break
          }
          const pair = this.compare(image, other, turn, (turns[turn] ??= turned(picture, this.reducer.side, turn)), down, across)
          if (pair) best.set(other, pair)
        }
      }
    }
    if (isCrowded) this.crowded++
    return [...best.values()].sort((a, b) => b.whole - a.whole).slice(0, MOST_ALIKE)
  }

  /** Sets `scaled` to the values as they are after a turn. @returns their length. */
  private turnValues(turn: Turn): number {
    const { from, sign } = this.turns[turn]!
    let length = 0
    for (let k = 0; k < from.length; k++) {
      const value = sign[k]! * this.values[from[k]!]!
      this.scaled[k] = value
      length += value * value
    }
    return Math.sqrt(length)
  }

  /** @param down @param across How the image was moved, before its turn, when the other one was found. */
  private compare(
    image: number,
    other: number,
    turn: Turn,
    picture: Float32Array,
    down: number,
    across: number,
  ): NearPair | undefined {
    const { side } = this.reducer
    this.picture(other, this.others)
    const [rows, columns] = turn & 4 ? [across, down] : [down, across]
    // The picture was moved; here it is the other one that moves, the opposite way.
    const [ofRows, ofColumns] = [turn & 2 ? rows : -rows, turn & 1 ? columns : -columns]
    if (correlation(picture, this.others, side, ofRows, ofColumns) < LEAST_AT_ONCE) return undefined
    const whole = bestOfMoves(picture, this.others, side)
    if (whole < this.leastWhole(image, other)) return undefined
    const detail = bestOfMoves(detailOf(picture, side), detailOf(this.others, side), side)
    return detail < COPY.detail ? undefined : { image, other, turn, whole, detail }
  }

  private leastWhole(image: number, other: number): number {
    const { labels } = this.images
    return this.isTight[labels[image]!] === 1 || this.isTight[labels[other]!] === 1 ? TIGHT : COPY.whole
  }

  private product(other: number): number {
    const { kept, scaled, inverse } = this
    let sum = 0
    for (let k = 0, at = other * FREQUENCIES.length; k < scaled.length; k++, at++) sum += scaled[k]! * kept[at]! * inverse[k]!
    return sum * STEP
  }

  /** An image in its small form. */
  private picture(image: number, to: Float32Array): void {
    if (this.pictures) return to.set(this.pictures.subarray(image * to.length, (image + 1) * to.length))
    this.images.read(image, this.pixels)
    this.reducer.reduce(this.pixels, to)
  }
}
