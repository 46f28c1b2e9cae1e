import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import type { ImportedSplit } from './about'

export interface PackedPlan {
  /** Height, width, channels. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly classes: readonly string[]
  readonly splits: readonly { readonly name: string; readonly images: number }[]
}

/** Bytes of one read when a file is gone through. */
const PIECE = 2 ** 24

/**
 * Writes a set's images and labels as one safetensors file, each image at its place, in whichever order they come. One owner, who
 * finishes it or throws it away.
 */
export class PackedWriter {
  private readonly descriptor: number
  private readonly imageBytes: number
  private readonly header: Buffer
  /** First byte of each split's images. */
  private readonly starts: number[] = []
  private readonly labels: Int32Array[]

  /** @throws UserError where the file cannot be made or the disk is too full for it. */
  constructor(
    private readonly file: string,
    private readonly plan: PackedPlan,
  ) {
    this.imageBytes = plan.shape[0] * plan.shape[1] * plan.shape[2]
    this.labels = plan.splits.map(({ images }) => new Int32Array(images).fill(-1))
    this.header = packedHeader(plan)
    let at = this.header.length
    for (const { images } of plan.splits) {
      this.starts.push(at)
      at += images * (this.imageBytes + 4)
    }
    this.descriptor = this.attempt(() => fs.openSync(file, 'w+', 0o600))
    this.attempt(() => writeAll(this.descriptor, this.header, 0))
  }

  /** @param pixels [height, width, channels], 0–255. */
  put(split: number, index: number, label: number, pixels: Uint8Array): void {
    if (pixels.length !== this.imageBytes) throw new Error(`an image of ${pixels.length} values in a set of ${this.imageBytes}`)
    this.attempt(() => writeAll(this.descriptor, pixels, this.starts[split]! + index * this.imageBytes))
    this.labels[split]![index] = label
  }

  /** How many images of each split have come. */
  counts(): number[] {
    return this.labels.map((labels) => labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0))
  }

  /**
   * Ends the file; images that never came are closed up.
   *
   * @returns what about.json tells of the splits, and the hash of all.
   */
  finish(): { splits: ImportedSplit[]; hash: string } {
    const counts = this.counts()
    const isWhole = counts.every((count, split) => count === this.plan.splits[split]!.images)
    if (!isWhole) return this.closedUp(counts)
    this.labels.forEach((labels, split) => {
      const at = this.starts[split]! + labels.length * this.imageBytes
      this.attempt(() => writeAll(this.descriptor, new Uint8Array(labels.buffer), at))
    })
    const found = this.goThrough()
    this.attempt(() => fs.fsyncSync(this.descriptor))
    fs.closeSync(this.descriptor)
    return found
  }

  abandon(): void {
    fs.closeSync(this.descriptor)
  }

  /** The same without the images that never came, in a second file that takes this one's place. */
  private closedUp(counts: readonly number[]): { splits: ImportedSplit[]; hash: string } {
    const splits = this.plan.splits.map(({ name }, split) => ({ name, images: counts[split]! }))
    const beside = `${this.file}.whole`
    const second = new PackedWriter(beside, { ...this.plan, splits })
    try {
      const image = Buffer.alloc(this.imageBytes)
      this.labels.forEach((labels, split) => {
        let index = 0
        labels.forEach((label, place) => {
          if (label < 0) return
          fs.readSync(this.descriptor, image, 0, image.length, this.starts[split]! + place * this.imageBytes)
          second.put(split, index++, label, image)
        })
      })
    } catch (error) {
      second.abandon()
      throw error
    }
    const found = second.finish()
    fs.closeSync(this.descriptor)
    fs.renameSync(beside, this.file)
    return found
  }

  /** One pass over the file for its hash and its levels. */
  private goThrough(): { splits: ImportedSplit[]; hash: string } {
    const { shape, classes, splits } = this.plan
    const hash = createHash('sha256').update(JSON.stringify({ shape, classes, splits }))
    const channels = shape[2]
    const told = splits.map(({ name, images }, split): ImportedSplit => {
      const levels = Array.from({ length: channels }, () => new Float64Array(256))
      const bytes = images * this.imageBytes
      const piece = Buffer.alloc(Math.min(bytes, PIECE - (PIECE % channels)))
      for (let done = 0; done < bytes;) {
        const length = fs.readSync(this.descriptor, piece, 0, Math.min(piece.length, bytes - done), this.starts[split]! + done)
        if (length === 0)
          throw new UserError('the file that was just written ends too soon', { place: this.file, remedy: 'look at the disk' })
        hash.update(piece.subarray(0, length))
        for (let i = 0; i < length; i++) levels[(done + i) % channels]![piece[i]!]!++
        done += length
      }
      const labels = this.labels[split]!
      hash.update(new Uint8Array(labels.buffer))
      const classCounts = classes.map(() => 0)
      for (const label of labels) classCounts[label]!++
      return { name, images, levels: levels.map((counts) => [...counts]), classCounts }
    })
    return { splits: told, hash: hash.digest('hex') }
  }

  private attempt<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new UserError('the disk is full', { place: this.file, remedy: 'free some space and import again' })
      throw new UserError(`the set cannot be written (${code ?? (error as Error).message})`, { place: this.file })
    }
  }
}

/** The header of a safetensors file, padded so that its tensors begin at a multiple of eight. */
function packedHeader({ shape, classes, splits }: PackedPlan): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'normlab/dataset', classes: JSON.stringify(classes) } }
  let at = 0
  for (const { name, images } of splits) {
    const bytes = images * shape[0] * shape[1] * shape[2]
    header[`${name}/images`] = { dtype: 'U8', shape: [images, ...shape], data_offsets: [at, at + bytes] }
    header[`${name}/labels`] = { dtype: 'I32', shape: [images], data_offsets: [at + bytes, at + bytes + 4 * images] }
    at += bytes + 4 * images
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

/** A single call may write less than asked. */
function writeAll(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(descriptor, bytes, done, bytes.length - done, at + done)
}
