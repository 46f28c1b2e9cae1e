import * as fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { attempt, readBytes } from './bytes'
import { type Entry, readHeader } from './header'
import { type CheckedFloats, checkFloats } from '../checked-floats'
import { arrays, asFloats, type TensorArray, type TensorInfo } from './types'

/** An open safetensors file. The whole header is checked when it is opened; a tensor's bytes are read when they are asked for. */
export class SafetensorsReader {
  private readonly entries: ReadonlyMap<string, Entry>
  /** Free words of the writer. */
  readonly metadata: Readonly<Record<string, string>>

  private constructor(
    /** As messages call it. */
    readonly file: string,
    private readonly descriptor: number,
  ) {
    const { entries, metadata } = readHeader(file, descriptor)
    this.entries = new Map(entries.map((entry) => [entry.name, entry]))
    this.metadata = metadata
  }

  /**
   * Its owner closes it.
   *
   * @param name What messages call it, where the user knows it by another name than its path.
   * @throws UserError where the file is absent, unreadable or malformed.
   */
  static open(file: string, name = file): SafetensorsReader {
    const descriptor = attempt(name, () => fs.openSync(file, 'r'))
    try {
      return new SafetensorsReader(name, descriptor)
    } catch (error) {
      fs.closeSync(descriptor)
      throw error
    }
  }

  close(): void {
    fs.closeSync(this.descriptor)
  }

  /** In the order of their bytes. */
  get tensors(): readonly TensorInfo[] {
    return [...this.entries.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape }))
  }

  has(name: string): boolean {
    return this.entries.has(name)
  }

  /** @throws UserError where the file has no such tensor. */
  info(name: string): TensorInfo {
    return this.entry(name)
  }

  /** The tensor in its own type, row-major; half precision as its bits. */
  read(name: string): TensorArray {
    const { dtype, start, bytes } = this.entry(name)
    const buffer = readBytes(this.file, this.descriptor, start, bytes)
    return new arrays[dtype](buffer)
  }

  /**
   * A part of a tensor's bytes, into `target` from `offset` on.
   * @param from First byte of the tensor that is wanted.
   */
  readSlice(name: string, from: number, target: Uint8Array, offset: number, length: number): void {
    const { start, bytes } = this.entry(name)
    if (from < 0 || from + length > bytes) throw new RangeError(`bytes ${from} to ${from + length} of ${bytes} of "${name}"`)
    for (let done = 0; done < length;) {
      const read = attempt(this.file, () =>
        fs.readSync(this.descriptor, target, offset + done, length - done, start + from + done),
      )
      if (read === 0) throw new UserError('it became shorter while it was read', { place: this.file })
      done += read
    }
  }

  /** Any tensor as 32-bit floats: half precision exactly, rounded where it is wider. */
  readFloats(name: string): Float32Array {
    return asFloats(this.read(name), this.entry(name).dtype)
  }

  /** The same, and what is wrong where a value is not finite. */
  readChecked(name: string): CheckedFloats {
    const own = this.read(name)
    return checkFloats(asFloats(own, this.entry(name).dtype), own)
  }

  /** A tensor of integers. @throws UserError where it has fractions, or values beyond 32 bits. */
  readIntegers(name: string): Int32Array {
    const { dtype } = this.entry(name)
    const read = this.read(name)
    if (read instanceof Int32Array) return read
    const values = dtype === 'F16' || dtype === 'BF16' ? asFloats(read, dtype) : read
    const integers = new Int32Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i])
      integers[i] = value
      if (integers[i] !== value)
        throw new UserError(`value ${i} is ${value}, not a 32-bit integer`, { place: `${this.file}: tensor "${name}"` })
    }
    return integers
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name)
    if (entry) return entry
    const known = [...this.entries.keys()]
    const some = known.slice(0, 5).join(', ') + (known.length > 5 ? `, … (${known.length} in all)` : '')
    throw new UserError(`there is no tensor "${name}"`, { place: this.file, remedy: `it has ${some || 'none'}` })
  }
}
