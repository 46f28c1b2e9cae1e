import fs from 'node:fs'
import path from 'node:path'
import { writeAll } from '../../files/write-file'
import { ABSENT, storing } from './packed-writer'

/** Beside the file of a set that is being made. */
export const PROGRESS_FILE = 'progress'

/** Bits of a word that are the label; those above are marks. */
const LABEL_BITS = 20
/** Classes that an imported set may have. */
export const MOST_CLASSES = 2 ** LABEL_BITS
const SIGNATURE_BYTES = 64
const HEADER_BYTES = SIGNATURE_BYTES + 3 * 4

/**
 * Which images of a set that is being made lie in its file, on the disk, so that an import that was killed goes on where it was: a
 * signature of what is imported, the images' height, width and channels, and of each image a word: its label and marks, or ABSENT.
 * A word is written after its image has reached the disk.
 */
export class ImportProgress {
  /** The least and greatest of the words that are not written. */
  private from = Infinity
  private to = -1

  private constructor(
    private readonly file: string,
    private readonly descriptor: number,
    readonly shape: readonly [number, number, number],
    private readonly words: Int32Array,
    /** The first word of each split. */
    private readonly starts: readonly number[],
  ) {}

  /** @param signature 64 letters that tell what is imported. @param counts Images of each split. */
  static begin(
    folder: string,
    signature: string,
    counts: readonly number[],
    shape: readonly [number, number, number],
  ): ImportProgress {
    const file = path.join(folder, PROGRESS_FILE)
    const { starts, total } = startsOf(counts)
    const words = new Int32Array(total).fill(ABSENT)
    const descriptor = storing(file, () => fs.openSync(file, 'w+', 0o600))
    storing(file, () => {
      writeAll(descriptor, new Uint8Array(words.buffer), HEADER_BYTES)
      // Last, so that a file that was only begun is not taken for one.
      writeAll(descriptor, headerOf(signature, shape), 0)
    })
    return new ImportProgress(file, descriptor, shape, words, starts)
  }

  /** What an import of the same left in the folder; undefined where there is none that can be gone on with. */
  static resume(folder: string, signature: string, counts: readonly number[]): ImportProgress | undefined {
    const file = path.join(folder, PROGRESS_FILE)
    const { starts, total } = startsOf(counts)
    let bytes: Buffer
    try {
      bytes = fs.readFileSync(file)
    } catch {
      return undefined
    }
    if (bytes.length !== HEADER_BYTES + 4 * total || bytes.toString('latin1', 0, SIGNATURE_BYTES) !== signature) return undefined
    const numbers = new Int32Array(Uint8Array.from(bytes.subarray(SIGNATURE_BYTES)).buffer)
    const shape = [numbers[0]!, numbers[1]!, numbers[2]!] as const
    const descriptor = storing(file, () => fs.openSync(file, 'r+'))
    return new ImportProgress(file, descriptor, shape, numbers.slice(3), starts)
  }

  /** Images that are there. */
  count(): number {
    let count = 0
    for (const word of this.words) if (word !== ABSENT) count++
    return count
  }

  has(split: number, index: number): boolean {
    return this.words[this.starts[split]! + index] !== ABSENT
  }

  /** @param marks Bits that are kept with the image, at most eleven. */
  mark(split: number, index: number, label: number, marks: number): void {
    const at = this.starts[split]! + index
    this.words[at] = label | (marks << LABEL_BITS)
    this.from = Math.min(this.from, at)
    this.to = Math.max(this.to, at)
  }

  /** Writes what was marked; the images themselves must be on the disk by now. */
  save(): void {
    if (this.to < this.from) return
    const bytes = new Uint8Array(this.words.buffer, this.words.byteOffset + 4 * this.from, 4 * (this.to - this.from + 1))
    storing(this.file, () => writeAll(this.descriptor, bytes, HEADER_BYTES + 4 * this.from))
    this.from = Infinity
    this.to = -1
  }

  /** The labels of each split. */
  labels(): Int32Array[] {
    return this.starts.map((start, split) =>
      this.words
        .subarray(start, this.starts[split + 1] ?? this.words.length)
        .map((word) => (word === ABSENT ? ABSENT : word & (MOST_CLASSES - 1))),
    )
  }

  /** How many images have each of the marks. */
  marks(): number[] {
    const counts = Array.from({ length: 31 - LABEL_BITS }, () => 0)
    for (const word of this.words)
      if (word !== ABSENT) for (let marks = word >> LABEL_BITS, bit = 0; marks > 0; marks >>= 1, bit++) counts[bit]! += marks & 1
    return counts
  }

  close(): void {
    fs.closeSync(this.descriptor)
  }

  /** What is there can no longer be gone on with. */
  discard(): void {
    fs.rmSync(this.file, { force: true })
  }
}

function startsOf(counts: readonly number[]): { starts: number[]; total: number } {
  let total = 0
  const starts = counts.map((count) => (total += count) - count)
  return { starts, total }
}

function headerOf(signature: string, shape: readonly number[]): Uint8Array {
  return Buffer.concat([Buffer.from(signature, 'latin1'), Buffer.from(Int32Array.from(shape).buffer)])
}
