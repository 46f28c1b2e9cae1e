import { type Write, type WriteOptions, writeFile } from '../../files/write-file'
import { layOut } from './layout'
import { arrays, type DType, elements, type TensorArray } from './types'

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
 * @throws UserError where it cannot be written, see `writeFile`.
 */
export function writeSafetensors(
  file: string,
  tensors: Iterable<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
  options: WriteOptions = {},
): void {
  const typed = [...tensors].map((tensor) => ({ ...tensor, dtype: tensor.dtype ?? dtypeOf(tensor.data as TensorArray) }))
  const { tensors: ordered, header } = layOut(typed, metadata)
  const fill = (write: Write): void => {
    write(header)
    for (const tensor of ordered) writeTensor(write, tensor)
  }
  writeFile(file, fill, options)
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
