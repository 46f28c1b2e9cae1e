import { UserError } from '../../shared/errors'

/** A pickle's bytes, taken from front to back. Every reader fails with one sentence where the bytes end too soon. */
export class PickleBytes {
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    private readonly place: string,
    /** The next byte. */
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    return this.bytes[this.forward(1)]!
  }

  uint16(): number {
    return this.view.getUint16(this.forward(2), true)
  }

  int32(): number {
    return this.view.getInt32(this.forward(4), true)
  }

  uint32(): number {
    return this.view.getUint32(this.forward(4), true)
  }

  /** A count of bytes in 64 bits; one beyond the file fails when it is taken. */
  count64(): number {
    return Number(this.view.getBigUint64(this.forward(8), true))
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.forward(8), false)
  }

  /** The next bytes, a view of the file's. */
  take(length: number): Uint8Array {
    const start = this.forward(length)
    return this.bytes.subarray(start, start + length)
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length))
  }

  /** Up to the next line feed, which is taken too. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) throw this.cutShort()
    const line = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at, end - this.at).toString('latin1')
    this.at = end + 1
    return line
  }

  private forward(length: number): number {
    const start = this.at
    if (length > this.bytes.length - start) throw this.cutShort()
    this.at += length
    return start
  }

  private cutShort(): UserError {
    return new UserError(`this is no whole pickle: it ends at byte ${this.bytes.length}, in the middle of a value`, {
      place: this.place,
    })
  }
}
