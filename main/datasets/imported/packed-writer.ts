import fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'
import { writeAll } from '../../files/write-file'
import { layOut, SafetensorsReader } from '../../formats/safetensors'
import { sampleBytes } from '../dataset'
import { FeatureMoments } from '../statistics'
import type { ImportedSplit } from './about'
import { beginHash, packedPieces } from './packed-hash'
import { packedMetadata, type PackedPlan, packedTensors, samplesName } from './packed-plan'

/** Images that lie behind one another are written together, up to so many bytes. */
const TOGETHER = 2 ** 20

/** The label of an image that never came. */
export const ABSENT = -1

/**
 * Writes a set's images and labels as one safetensors file, each image at its place, in whichever order they come. One owner, who
 * finishes it or closes it; a file that was closed can be opened again and gone on with.
 */
export class PackedWriter {
  private readonly descriptor: number
  private readonly imageBytes: number
  private readonly header: Uint8Array
  private readonly starts: ReadonlyMap<string, number>
  /** Bytes that are still to be written at `pendingAt`. */
  private readonly pending: Buffer
  private pendingBytes = 0
  private pendingAt = 0
  private isOpen = true

  /**
   * @param goesOn Whether the file may be there, as an earlier writer with the same plan left it.
   * @throws UserError where the file cannot be made or the disk is too full for it.
   */
  constructor(
    private readonly file: string,
    private readonly plan: PackedPlan,
    goesOn = false,
  ) {
    this.imageBytes = sampleBytes(plan)
    const { header, starts } = layOut(packedTensors(plan), packedMetadata(plan.classes))
    this.header = header
    this.starts = starts
    this.pending = Buffer.allocUnsafe(Math.max(TOGETHER, this.imageBytes))
    this.descriptor = this.attempt(() => fs.openSync(file, goesOn ? 'r+' : 'w+', 0o600))
    this.attempt(() => writeAll(this.descriptor, this.header, 0))
  }

  /** @param pixels [height, width, channels], 0–255, or a vector's little-endian floats. */
  put(split: number, index: number, pixels: Uint8Array): void {
    if (pixels.length !== this.imageBytes) throw new Error(`an image of ${pixels.length} bytes in a set of ${this.imageBytes}`)
    const at = this.startOf(split, 'images') + index * this.imageBytes
    const isBehind = at === this.pendingAt + this.pendingBytes && this.pendingBytes + pixels.length <= this.pending.length
    if (!isBehind) {
      this.flush()
      this.pendingAt = at
    }
    this.pending.set(pixels, this.pendingBytes)
    this.pendingBytes += pixels.length
  }

  /** Afterwards all images that came are on the disk, also where the power goes. */
  sync(): void {
    this.flush()
    this.attempt(() => fs.fdatasyncSync(this.descriptor))
  }

  /**
   * Ends the file; images that never came are closed up.
   *
   * @param labels Of each split's images; ABSENT where one never came.
   * @param closing Called before the file as it is gives way to one without gaps.
   * @returns what about.json tells of the splits, and the hash of all.
   */
  finish(labels: readonly Int32Array[], closing: () => void = () => undefined): { splits: ImportedSplit[]; hash: string } {
    this.flush()
    if (labels.some((list) => list.includes(ABSENT))) return this.closedUp(labels, closing)
    labels.forEach((list, split) => {
      const bytes = new Uint8Array(list.buffer, list.byteOffset, list.byteLength)
      this.attempt(() => writeAll(this.descriptor, bytes, this.startOf(split, 'labels')))
    })
    this.attempt(() => fs.fsyncSync(this.descriptor))
    this.close()
    return this.goThrough()
  }

  close(): void {
    if (this.isOpen) fs.closeSync(this.descriptor)
    this.isOpen = false
  }

  /** The same without the images that never came, in a second file that takes this one's place. */
  private closedUp(labels: readonly Int32Array[], closing: () => void): { splits: ImportedSplit[]; hash: string } {
    const there = labels.map((list) => list.filter((label) => label !== ABSENT))
    const splits = this.plan.splits.map(({ name }, split) => ({ name, images: there[split]!.length }))
    const beside = `${this.file}.whole`
    const second = new PackedWriter(beside, { ...this.plan, splits })
    let found: { splits: ImportedSplit[]; hash: string }
    try {
      const image = Buffer.alloc(this.imageBytes)
      labels.forEach((list, split) => {
        let index = 0
        list.forEach((label, place) => {
          if (label === ABSENT) return
          fs.readSync(this.descriptor, image, 0, image.length, this.startOf(split, 'images') + place * this.imageBytes)
          second.put(split, index++, image)
        })
      })
      found = second.finish(there)
    } catch (error) {
      second.close()
      fs.rmSync(beside, { force: true })
      throw error
    }
    closing()
    this.close()
    this.attempt(() => fs.renameSync(beside, this.file))
    return found
  }

  /** One pass over the file for its hash, its levels and the images of each class. */
  private goThrough(): { splits: ImportedSplit[]; hash: string } {
    const { plan } = this
    const channels = plan.shape[2]
    const hash = beginHash(plan)
    const levels = plan.splits.map(() => new Float64Array(plan.isVector ? 0 : channels * 256))
    const moments = plan.splits.map(() => new FeatureMoments(channels))
    const classCounts = plan.splits.map(() => plan.classes.map(() => 0))
    const file = SafetensorsReader.open(this.file)
    try {
      for (const { split, isImages, bytes } of packedPieces(file, plan)) {
        hash.update(bytes)
        if (isImages && plan.isVector) moments[split]!.add(floatsOf(bytes))
        else if (isImages) countLevels(bytes, channels, levels[split]!)
        else for (const label of new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)) classCounts[split]![label]!++
      }
    } finally {
      file.close()
    }
    const splits = plan.splits.map(({ name, images }, split): ImportedSplit => ({
      name,
      images,
      levels: plan.isVector
        ? []
        : Array.from({ length: channels }, (_, c) => [...levels[split]!.subarray(c * 256, (c + 1) * 256)]),
      ...(plan.isVector && { moments: momentsOf(moments[split]!) }),
      classCounts: classCounts[split]!,
    }))
    return { splits, hash: hash.digest('hex') }
  }

  private flush(): void {
    if (this.pendingBytes === 0) return
    const bytes = this.pending.subarray(0, this.pendingBytes)
    this.pendingBytes = 0
    this.attempt(() => writeAll(this.descriptor, bytes, this.pendingAt))
  }

  private startOf(split: number, what: 'images' | 'labels'): number {
    const { name } = this.plan.splits[split]!
    return this.starts.get(what === 'labels' ? `${name}/labels` : samplesName(name, this.plan))!
  }

  private attempt<T>(act: () => T): T {
    return storing(this.file, act)
  }
}

/** @throws UserError where the system does not let it be stored. */
export function storing<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!isSystemError(error)) throw error
    const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
    throw new UserError(`the data set cannot be stored: ${reasonOf(error)}`, {
      place: file,
      remedy: isFull ? 'make room there and import again' : 'look at the data folder’s disk and permissions, and import again',
    })
  }
}

/** Pieces begin where a Float32Array may. */
const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

function momentsOf(moments: FeatureMoments): { mean: number[]; std: number[] } {
  const { mean, std } = moments.statistics()
  return { mean: [...mean], std: [...std] }
}

/**
 * In four tables by turns: a count waits for the one before it where both are of one level, as in a plain background.
 *
 * @param bytes Whole pixels, less than 2^32.
 * @param levels 256 counts for each channel.
 */
function countLevels(bytes: Uint8Array, channels: number, levels: Float64Array): void {
  const [one, two, three, four] = Array.from({ length: 4 }, () => new Uint32Array(256)) as [
    ...[Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  ]
  for (let channel = 0; channel < channels; channel++) {
    for (const table of [one, two, three, four]) table.fill(0)
    let i = channel
    for (; i + 3 * channels < bytes.length; i += 4 * channels) {
      one[bytes[i]!]!++
      two[bytes[i + channels]!]!++
      three[bytes[i + 2 * channels]!]!++
      four[bytes[i + 3 * channels]!]!++
    }
    for (; i < bytes.length; i += channels) one[bytes[i]!]!++
    for (let level = 0; level < 256; level++)
      levels[channel * 256 + level]! += one[level]! + two[level]! + three[level]! + four[level]!
  }
}
