import { createHash } from 'node:crypto'

/** Groups images whose pixels are the same, byte for byte: by 64 bits of their SHA-256, and then by the bytes themselves. */
export class ExactGroups {
  /** Of each image, the first one of the same pixels. */
  readonly first: Uint32Array
  private readonly digests: Uint32Array
  /** Images by their digest; 0 for an empty place, else the image's number + 1. Open addressing. */
  private readonly table: Uint32Array
  private readonly other: Uint8Array

  /** @param read Writes the pixels of an image that came before. @param bytes Of one image. */
  constructor(
    images: number,
    bytes: number,
    private readonly read: (image: number, target: Uint8Array) => void,
  ) {
    this.first = new Uint32Array(images)
    this.digests = new Uint32Array(2 * images)
    this.table = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, images) * 2)))
    this.other = new Uint8Array(bytes)
  }

  /** Images come in order. @returns the first image of these pixels, itself where there was none before. */
  add(image: number, pixels: Uint8Array): number {
    const digest = createHash('sha256').update(pixels).digest()
    const [low, high] = [digest.readUInt32LE(0), digest.readUInt32LE(4)]
    this.digests[2 * image] = low
    this.digests[2 * image + 1] = high
    const mask = this.table.length - 1
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const held = this.table[place]!
      if (held === 0) {
        this.table[place] = image + 1
        return (this.first[image] = image)
      }
      if (this.digests[2 * held - 2] === low && this.digests[2 * held - 1] === high && this.isSame(held - 1, pixels))
        return (this.first[image] = held - 1)
    }
  }

  private isSame(image: number, pixels: Uint8Array): boolean {
    this.read(image, this.other)
    return Buffer.compare(this.other, pixels) === 0
  }
}
