import { createHash } from 'node:crypto'
import type { DatasetSummary } from '../../../shared/api'
import type { Catalogue } from '../catalogue'
import { type OpenSplit, sampleBytes, sampleOf } from '../dataset'

const DIGEST = 32

/** Chances of one image for one purpose, in [0, 1): decided by its pixels and a seed, whichever images stand beside it. */
export interface Chances {
  readonly first: number
  readonly second: number
}

/** The set that a preparation begins with: all its images under one number each, split after split. One owner, who closes it. */
export class PreparationSource {
  readonly splits: readonly OpenSplit[]
  /** Number of the first image of each split. */
  readonly starts: readonly number[]
  readonly images: number
  private digests: Uint8Array | undefined

  private constructor(
    readonly summary: DatasetSummary,
    open: (split: string) => OpenSplit,
  ) {
    this.splits = summary.splits.map(({ name }) => open(name))
    let images = 0
    this.starts = this.splits.map(({ length }) => (images += length) - length)
    this.images = images
  }

  /** @throws UserError where there is no such set, or it cannot be read. */
  static open(catalogue: Catalogue, name: string): PreparationSource {
    return new PreparationSource(catalogue.describe(name), (split) => catalogue.openSplit(name, split))
  }

  /** Writes the pixels of the image of this number to the beginning of `target`. */
  read(image: number, target: Uint8Array): void {
    const split = this.splitOf(image)
    this.splits[split]!.read(image - this.starts[split]!, target, 0)
  }

  /** Goes through all pixels once, as `chances` needs; 32 bytes an image are kept. @param tell Hears how many are done. */
  digest(tell: (done: number) => void): void {
    if (this.digests) return
    const digests = new Uint8Array(this.images * DIGEST)
    const pixels = new Uint8Array(sampleBytes(sampleOf(this.summary)))
    for (let image = 0; image < this.images; image++) {
      this.read(image, pixels)
      digests.set(createHash('sha256').update(pixels).digest(), image * DIGEST)
      if (image % 256 === 255) tell(image + 1)
    }
    this.digests = digests
  }

  /**
   * SHA-256 over `<purpose> <seed> ` and the SHA-256 of the image's bytes; its first twelve bytes, big-endian, are two fractions of 48
   * bits. Equal images have equal chances.
   *
   * @param purpose The step's name: two steps with the same seed are independent.
   */
  chances(image: number, purpose: string, seed: number): Chances {
    const digest = this.digests!.subarray(image * DIGEST, (image + 1) * DIGEST)
    const mixed = createHash('sha256').update(`${purpose} ${seed} `).update(digest).digest()
    return { first: mixed.readUIntBE(0, 6) / 2 ** 48, second: mixed.readUIntBE(6, 6) / 2 ** 48 }
  }

  close(): void {
    for (const split of this.splits) split.close()
  }

  private splitOf(image: number): number {
    let split = this.starts.length - 1
    while (image < this.starts[split]!) split--
    return split
  }
}
