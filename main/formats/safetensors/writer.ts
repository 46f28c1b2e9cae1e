import { type Write, type WriteOptions, writeFile } from '../../files/write-file'
import { arrays, bytesOf, type DType, elements, type TensorArray, type TensorInfo } from './types'

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
  options: WriteOptions = {},
): void {
  const typed = [...tensors].map((tensor) => ({ ...tensor, dtype: tensor.dtype ?? dtypeOf(tensor.data as TensorArray) }))
  const ordered = typed.sort((a, b) => bytesOf(b.dtype) - bytesOf(a.dtype))
  const header = encodeHeader(ordered, metadata)
  const fill = (write: Write): void => {
    write(header)
    for (const tensor of ordered) writeTensor(write, tensor)
  }
  writeFile(file, fill, options)
}

function encodeHeader(tensors: readonly TensorInfo[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0
  const entries = tensors.map(({ name, dtype, shape }) => {
    const start = end
    end += elements(shape) * bytesOf(dtype)
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

function dtypeOf(values: TensorArray): DType {
  const found = (Object.keys(arrays) as DType[]).find((dtype) => values instanceof arrays[dtype])
  if (!found) throw new Error(`no type for ${(values as object).constructor.name}`)
  return found
}
