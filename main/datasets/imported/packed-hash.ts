import { createHash } from 'node:crypto'
import path from 'node:path'
import type { JobProgress } from '../../../shared/job'
import { Pace } from '../../../shared/job'
import { SafetensorsReader } from '../../formats/safetensors'
import { type About, IMAGES_FILE } from './about'

/** Bytes between two words of progress. */
const PIECE = 2 ** 24

/**
 * The hash of a packed set as its file is now: SHA-256 over shape, classes and splits, then each split's images and labels.
 *
 * @param control Hears how far it has come; its cancelling ends the reading.
 */
export async function packedHash(
  folder: string,
  { name, shape, classes, splits }: About,
  control: { readonly tell: (progress: JobProgress) => void; readonly onCancel: (listener: () => void) => void },
): Promise<string> {
  const file = SafetensorsReader.open(path.join(folder, IMAGES_FILE), `data set "${name}"`)
  const pace = new Pace()
  let isCancelled = false
  control.onCancel(() => (isCancelled = true))
  try {
    const plan = { shape, classes, splits: splits.map((split) => ({ name: split.name, images: split.images })) }
    const hash = createHash('sha256').update(JSON.stringify(plan))
    const image = shape[0] * shape[1] * shape[2]
    const total = splits.reduce((sum, { images }) => sum + images * image, 0)
    const piece = Buffer.alloc(Math.min(PIECE, total))
    let done = 0
    for (const split of splits) {
      const bytes = split.images * image
      for (let at = 0; at < bytes && !isCancelled;) {
        const length = Math.min(piece.length, bytes - at)
        file.readSlice(`${split.name}/images`, at, piece, 0, length)
        hash.update(piece.subarray(0, length))
        at += length
        done += length
        control.tell({ phase: 'checking', done, total, secondsLeft: pace.secondsLeft({ phase: 'checking', done, total }) })
        // Others of the lab have their turn between.
        await new Promise((resolve) => setImmediate(resolve))
      }
      const labels = file.readIntegers(`${split.name}/labels`)
      hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength))
    }
    return hash.digest('hex')
  } finally {
    file.close()
  }
}
