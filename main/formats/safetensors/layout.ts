import { bytesOf, elements, type TensorInfo } from './types'

/** A file that is to be written: its header, and where each tensor lies behind it. */
export interface TensorLayout<T extends TensorInfo> {
  /** In the order in which they lie. */
  readonly tensors: readonly T[]
  readonly header: Uint8Array
  /** By name: the first byte in the file. */
  readonly starts: ReadonlyMap<string, number>
}

/**
 * Where tensors lie in a file. The widest types come first and the header is padded, so that each lies at a multiple of its element's
 * size without the gaps that the format forbids.
 */
export function layOut<T extends TensorInfo>(given: readonly T[], metadata: Readonly<Record<string, string>>): TensorLayout<T> {
  const tensors = [...given].sort((a, b) => bytesOf(b.dtype) - bytesOf(a.dtype))
  let end = 0
  const entries = tensors.map(({ name, dtype, shape }) => {
    const start = end
    end += elements(shape) * bytesOf(dtype)
    return [name, { dtype, shape, data_offsets: [start, end] as const }] as const
  })
  const names = new Set(tensors.map(({ name }) => name))
  if (names.size < tensors.length || names.has('__metadata__'))
    throw new Error('names of tensors must differ, and from __metadata__')
  const words = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const] : []
  const json = Buffer.from(JSON.stringify(Object.fromEntries<unknown>([...words, ...entries])))
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ')
  header.writeBigUInt64LE(BigInt(header.length - 8))
  json.copy(header, 8)
  return { tensors, header, starts: new Map(entries.map(([name, { data_offsets }]) => [name, header.length + data_offsets[0]])) }
}
