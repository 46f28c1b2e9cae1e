import * as fs from 'node:fs'
import { UserError } from '../../shared/errors'
import { isSystemError, reasonOf } from '../files/reasons'
import { type Write, writeFile } from '../files/write-file'

/**
 * The safetensors format: 8 bytes length of the header (little-endian), the header in JSON, then the tensors without gaps.
 * Source: https://huggingface.co/docs/safetensors. Machines are taken to be little-endian, as all that we run on are.
 */

/** Types that become a typed array. BOOL is one byte, 0 or 1. */
const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const
export type DType = keyof typeof arrays
export type TensorArray =
  Float64Array | Float32Array | BigInt64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

export interface TensorInfo {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
}

interface Entry extends TensorInfo {
  /** Bytes from the start of the file. */
  readonly start: number
  readonly bytes: number
}

/** The reference implementation's limit, and ours. */
const largestHeader = 100_000_000
/** Bytes of one read; a single call takes at most 2 GiB. */
const pieceBytes = 64 * 2 ** 20

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

  /** The tensor in its own type, row-major. */
  read(name: string): TensorArray {
    const { dtype, start, bytes } = this.entry(name)
    const buffer = readBytes(this.file, this.descriptor, start, bytes)
    return new arrays[dtype](buffer)
  }

  /** Any tensor as 32-bit floats, rounded where it is wider. */
  readFloats(name: string): Float32Array {
    const values = this.read(name)
    if (values instanceof Float32Array) return values
    return values instanceof BigInt64Array ? Float32Array.from(values, Number) : Float32Array.from(values)
  }

  /** A tensor of integers. @throws UserError where it has fractions, or values beyond 32 bits. */
  readIntegers(name: string): Int32Array {
    const values = this.read(name)
    if (values instanceof Int32Array) return values
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

function readHeader(file: string, descriptor: number): { entries: Entry[]; metadata: Record<string, string> } {
  const stat = attempt(file, () => fs.fstatSync(descriptor))
  if (!stat.isFile()) throw new UserError('this is not a file', { place: file })
  if (stat.size < 8) throw malformed(file, `${stat.size} bytes are too few for a header`)
  const length = Number(new BigUint64Array(readBytes(file, descriptor, 0, 8))[0])
  if (length > largestHeader) throw malformed(file, `the header claims ${length} bytes, at most ${largestHeader} are allowed`)
  if (length > stat.size - 8)
    throw malformed(file, `the header claims ${length} bytes, the file has ${stat.size - 8} after its first eight`)
  const header = parseHeader(file, readBytes(file, descriptor, 8, length))

  let metadata: Record<string, string> = {}
  const entries: Entry[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(file, value)
    else entries.push(readEntry(file, name, value, 8 + length))
  }
  entries.sort((a, b) => a.start - b.start || a.bytes - b.bytes)
  let end = 8 + length
  for (const { name, start, bytes } of entries) {
    if (start !== end)
      throw malformed(file, `tensor "${name}" ${start < end ? 'overlaps the one before it' : 'leaves a gap before it'}`)
    end = start + bytes
    if (end > stat.size) throw malformed(file, `tensor "${name}" ends at byte ${end}, the file at ${stat.size}: it is cut short`)
  }
  if (end !== stat.size) throw malformed(file, `${stat.size - end} bytes at its end belong to no tensor`)
  return { entries, metadata }
}

function parseHeader(file: string, bytes: ArrayBuffer): object {
  let header: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    header = JSON.parse(text)
    const duplicate = duplicateKey(text)
    if (duplicate !== null) throw malformed(file, `the header has "${duplicate}" twice`)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw malformed(file, 'the header is not JSON')
  }
  if (!isObject(header)) throw malformed(file, 'the header is not a JSON object')
  return header
}

/** The first key that one object of a valid JSON text has twice (JSON.parse would keep the last and say nothing). */
function duplicateKey(text: string): string | null {
  const objects: Set<string>[] = []
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    if (token[0] === '{') objects.push(new Set())
    else if (token[0] === '}') objects.pop()
    else if (token[1] !== undefined) {
      const key = JSON.parse(token[0].slice(0, -token[1].length)) as string
      const keys = objects[objects.length - 1]
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return null
}

function readMetadata(file: string, value: unknown): Record<string, string> {
  if (!isObject(value) || Object.values(value).some((word) => typeof word !== 'string'))
    throw malformed(file, '__metadata__ is not a map of words')
  return value as Record<string, string>
}

function readEntry(file: string, name: string, value: unknown, dataStart: number): Entry {
  const place = `tensor "${name}"`
  if (!isObject(value)) throw malformed(file, `${place} is not described by an object`)
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  if (typeof dtype !== 'string' || !isDType(dtype))
    throw new UserError(`${place} has the type ${JSON.stringify(dtype) ?? 'none'}`, {
      place: file,
      remedy: `convert it to one of ${Object.keys(arrays).join(', ')}`,
    })
  if (!isSizes(shape)) throw malformed(file, `${place} has no shape of whole numbers`)
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1]! < offsets[0]!)
    throw malformed(file, `${place} has no data_offsets [start, end]`)
  const bytes = offsets[1]! - offsets[0]!
  const wanted = elements(shape) * arrays[dtype].BYTES_PER_ELEMENT
  if (bytes !== wanted) throw malformed(file, `${place} of ${dtype} [${shape.join(', ')}] needs ${wanted} bytes and has ${bytes}`)
  return { name, dtype, shape, start: dataStart + offsets[0]!, bytes }
}

/** A tensor to write: its values, or a function that gives them piece by piece where they should not all be in memory. */
export type TensorSource =
  | { readonly name: string; readonly shape: readonly number[]; readonly dtype?: DType; readonly data: TensorArray }
  | {
      readonly name: string
      readonly shape: readonly number[]
      readonly dtype: DType
      readonly data: () => Iterable<TensorArray>
    }

/**
 * Writes a file whole or not at all: see `writeFile`.
 * The widest types come first and the header is padded, so that each tensor lies at a multiple of its element's size without the gaps
 * that the format forbids.
 * @throws UserError where it cannot be written, see `writeFile`.
 */
export function writeSafetensors(
  file: string,
  tensors: Iterable<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const typed = [...tensors].map((tensor) => ({ ...tensor, dtype: tensor.dtype ?? dtypeOf(tensor.data as TensorArray) }))
  const ordered = typed.sort((a, b) => arrays[b.dtype].BYTES_PER_ELEMENT - arrays[a.dtype].BYTES_PER_ELEMENT)
  const header = encodeHeader(ordered, metadata)
  writeFile(file, (write) => {
    write(header)
    for (const tensor of ordered) writeTensor(write, tensor)
  })
}

function encodeHeader(tensors: readonly TensorInfo[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0
  const entries = tensors.map(({ name, dtype, shape }) => {
    const start = end
    end += elements(shape) * arrays[dtype].BYTES_PER_ELEMENT
    return [name, { dtype, shape, data_offsets: [start, end] }] as const
  })
  const names = new Set(tensors.map(({ name }) => name))
  if (names.size < tensors.length || names.has('__metadata__'))
    throw new Error('names of tensors must differ, and from __metadata__')
  const words = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const] : []
  const json = Buffer.from(JSON.stringify(Object.fromEntries<unknown>([...words, ...entries])))
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ')
  header.writeBigUInt64LE(BigInt(header.length - 8))
  json.copy(header, 8)
  return header
}

function writeTensor(write: Write, { name, dtype, shape, data }: TensorSource & { readonly dtype: DType }): void {
  let written = 0
  for (const piece of typeof data === 'function' ? data() : [data]) {
    if (!(piece instanceof arrays[dtype])) throw new Error(`tensor ${name} is ${dtype}, its values are ${piece.constructor.name}`)
    write(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength))
    written += piece.length
  }
  if (written !== elements(shape)) throw new Error(`tensor ${name} of shape [${shape.join(', ')}] was given ${written} values`)
}

function readBytes(file: string, descriptor: number, start: number, bytes: number): ArrayBuffer {
  return attempt(file, () => {
    const target = new Uint8Array(bytes)
    for (let done = 0; done < bytes;) {
      const got = fs.readSync(descriptor, target, done, Math.min(bytes - done, pieceBytes), start + done)
      if (got === 0) throw malformed(file, 'it became shorter while it was open')
      done += got
    }
    return target.buffer
  })
}

/** The system's errors, in words. */
function attempt<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`cannot be read: ${reasonOf(error)}`, { place: file })
  }
}

function malformed(file: string, what: string): UserError {
  return new UserError(`not a valid safetensors file: ${what}`, { place: file })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDType(word: string): word is DType {
  return Object.prototype.hasOwnProperty.call(arrays, word)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function dtypeOf(values: TensorArray): DType {
  const found = (Object.keys(arrays) as DType[]).find((dtype) => values instanceof arrays[dtype])
  if (!found) throw new Error(`no type for ${(values as object).constructor.name}`)
  return found
}
