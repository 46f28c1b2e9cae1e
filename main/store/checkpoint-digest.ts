import { createHash } from 'node:crypto'
import { UserError } from '../../shared/errors'
import { SafetensorsReader } from '../formats/safetensors'

/** The `format` in a checkpoint's metadata. */
export const CHECKPOINT_FORMAT = 'normlab/checkpoint/1'

interface Named {
  readonly name: string
  readonly data: Float32Array
}

/** SHA-256 of the tensors' names and bytes, in the order in which they were written. */
export function digestOf(tensors: Iterable<Named>): string {
  const hash = createHash('sha256')
  for (const { name, data } of tensors) hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('hex')
}

/** Looks through a checkpoint without its network. @throws UserError where it is none, is cut off or damaged. */
export function checkCheckpoint(file: string): void {
  const reader = SafetensorsReader.open(file)
  try {
    const { format, digest, progress } = reader.metadata
    if (format !== CHECKPOINT_FORMAT || progress === undefined)
      throw new UserError('this is not a checkpoint of this NormLab', { place: file })
    const tensors = function* (): Generator<Named> {
      for (const { name } of reader.tensors) yield { name, data: reader.readFloats(name) }
    }
    if (digestOf(tensors()) !== digest) throw new UserError('the checkpoint is damaged: its digest does not fit', { place: file })
  } finally {
    reader.close()
  }
}
