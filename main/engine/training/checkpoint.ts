import { existsSync, mkdirSync } from 'node:fs'
import { UserError, isUserError } from '../../../shared/errors'
import type { SamplerPosition } from '../../datasets/batches'
import type { SavedSummary } from '../../../shared/measures/epoch-summary'
import type { EpochRecord } from '../../../shared/records'
import { decodeMessage, encodeMessage } from '../../../shared/wire'
import { reasonOf } from '../../files/reasons'
import { OWNERS } from '../../files/write-file'
import { CHECKPOINT_FORMAT, digestOf } from '../../store/checkpoint-digest'
import { checkpointFile } from '../../store/checkpoints'
import { SafetensorsReader, writeSafetensors } from '../../formats/safetensors'
import type { StateVector } from '../graph/parts/context'
import { layoutOf } from '../graph/state-layouts'
import type { NetworkSession } from '../network-session'

/** All of a run beside its tensors that a later process needs to go on with it. */
export interface Progress {
  /** Steps that are done. */
  readonly step: number
  readonly sampler: SamplerPosition
  readonly summary: SavedSummary
  /** The record of the last epoch that is over: the checkpoint may be on the disk before the store has it. */
  readonly epoch: EpochRecord | null
  readonly earlyStop: { readonly best: number | null; readonly bestEpoch: number }
  /** Best test accuracy so far. */
  readonly best: number | null
}

/** A tensor of a checkpoint. */
interface Named {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/**
 * Writes a run's state: the tensors by the parameters' names (`stage1.block1.conv1.kernel`, what optimisers keep with its name in front, `momenta/…`, `statistics/…`), the
 * rest as text in the file's metadata with a digest of the tensors. Written aside, synced and renamed: it is there whole or not at all.
 *
 * @throws UserError where it cannot be written.
 */
export function writeCheckpoint(folder: string, session: NetworkSession, progress: Progress): string {
  const tensors = session.graph.stateVectors.flatMap((vector) => tensorsOf(session, vector))
  const file = checkpointFile(folder, progress.step)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new UserError(`the checkpoint cannot be written: ${reasonOf(error as NodeJS.ErrnoException)}`, {
      place: folder,
      remedy: 'make room on the disk',
    })
  }
  writeSafetensors(
    file,
    tensors,
    { format: CHECKPOINT_FORMAT, progress: encodeMessage(progress), digest: digestOf(tensors) },
    OWNERS,
  )
  return file
}

/**
 * Sets a session to the newest of these checkpoints that is whole.
 *
 * @param files Newest first.
 * @returns where it goes on, and what was wrong with the files that were passed over; undefined progress where none is whole.
 */
export function readCheckpoint(
  files: readonly string[],
  session: NetworkSession,
): { progress?: Progress; passedOver: readonly string[] } {
  const passedOver: string[] = []
  for (const file of files) {
    if (!existsSync(file)) continue
    try {
      return { progress: read(file, session), passedOver }
    } catch (error) {
      if (!isUserError(error)) throw error
      passedOver.push(error.message)
    }
  }
  return { passedOver }
}

function read(file: string, session: NetworkSession): Progress {
  const reader = SafetensorsReader.open(file)
  try {
    const { format, progress, digest } = reader.metadata
    if (format !== CHECKPOINT_FORMAT || progress === undefined)
      throw new UserError('this is not a checkpoint of this NormLab', { place: file })
    const layouts = session.graph.stateVectors.map((vector) => ({ vector, layout: layoutOf(session.graph, vector) }))
    const tensors: Named[] = []
    const values = layouts.map(({ vector, layout }) => {
      const whole = new Float32Array(layout.length)
      for (const { name, shape, offset, length } of layout.slots) {
        const data = reader.readFloats(prefixOf(vector) + name)
        if (data.length !== length) throw new UserError('it belongs to another network', { place: `${file}: tensor "${name}"` })
        whole.set(data, offset)
        tensors.push({ name: prefixOf(vector) + name, shape, data })
      }
      return { vector, whole }
    })
    if (digestOf(tensors) !== digest) throw new UserError('the checkpoint is damaged: its digest does not fit', { place: file })
    for (const { vector, whole } of values) session.set(vector, whole)
    return decodeMessage(progress) as Progress
  } finally {
    reader.close()
  }
}

const prefixOf = (vector: StateVector): string => (vector === 'parameters' ? '' : `${vector}/`)

function tensorsOf(session: NetworkSession, vector: StateVector): Named[] {
  const values = session.get(vector)
  return layoutOf(session.graph, vector).slots.map(({ name, shape, offset, length }) => ({
    name: prefixOf(vector) + name,
    shape,
    data: values.subarray(offset, offset + length),
  }))
}
