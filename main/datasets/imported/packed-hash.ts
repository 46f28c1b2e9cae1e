import { createHash, type Hash } from 'node:crypto'
import path from 'node:path'
import type { JobProgress } from '../../../shared/job'
import { Pace } from '../../../shared/job'
import { SafetensorsReader } from '../../formats/safetensors'
import { sampleBytes } from '../dataset'
import { type About, IMAGES_FILE, planOf } from './about'
import { type PackedPlan, samplesName } from './packed-plan'
import { hashWith } from './standardised-hash'

/** Bytes that are read together. */
const PIECE = 2 ** 22

/** A part of a split's images or its labels, in the order in which the hash takes them. */
export interface PackedPiece {
  readonly split: number
  readonly isImages: boolean
  /** Whole pixels of images, or whole vectors; valid until the next piece is asked for. */
  readonly bytes: Uint8Array
}

/** All bytes of a packed set's file that its hash goes over: each split's images, then its labels. */
export function* packedPieces(file: SafetensorsReader, plan: PackedPlan): Generator<PackedPiece> {
  const { shape, splits, isVector } = plan
  const image = sampleBytes(plan)
  const whole = PIECE - (PIECE % (isVector ? image : shape[2]))
  const most = splits.reduce((longest, { images }) => Math.max(longest, images * image), 0)
  const piece = new Uint8Array(Math.min(whole, most))
  for (const [split, { name, images }] of splits.entries()) {
    const bytes = images * image
    for (let at = 0; at < bytes; at += piece.length) {
      const length = Math.min(piece.length, bytes - at)
      file.readSlice(samplesName(name, plan), at, piece, 0, length)
      yield { split, isImages: true, bytes: piece.subarray(0, length) }
    }
    const labels = file.readIntegers(`${name}/labels`)
    yield { split, isImages: false, bytes: new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength) }
  }
}

/** A set's hash before its images and labels: SHA-256 that has taken shape, classes and splits. */
export function beginHash({ shape, isVector, classes, splits }: PackedPlan): Hash {
  const plan = { shape, isVector, classes, splits: splits.map(({ name, images }) => ({ name, images })) }
  return createHash('sha256').update(JSON.stringify(plan))
}

/**
 * The hash of a packed set as its file is now.
 *
 * @param control Hears how far it has come; its cancelling ends the reading.
 */
export async function packedHash(
  folder: string,
  about: About,
  control: { readonly tell: (progress: JobProgress) => void; readonly onCancel: (listener: () => void) => void },
): Promise<string> {
  const file = SafetensorsReader.open(path.join(folder, IMAGES_FILE), `data set "${about.name}"`)
  const pace = new Pace()
  let isCancelled = false
  control.onCancel(() => (isCancelled = true))
  try {
    const plan = planOf(about)
    const hash = beginHash(plan)
    const total = plan.splits.reduce((sum, { images }) => sum + images, 0) * (sampleBytes(plan) + 4)
    let done = 0
    for (const { bytes } of packedPieces(file, plan)) {
      if (isCancelled) break
      hash.update(bytes)
      done += bytes.length
      control.tell(pace.told({ phase: 'checking', done, total }))
      // Others of the lab have their turn between.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return hashWith(hash.digest('hex'), about.standardisation)
  } finally {
    file.close()
  }
}
