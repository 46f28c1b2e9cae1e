import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'
import { maskedCrc32c } from './crc32c'

/** Length, its sum, the data, their sum: the framing of TensorFlow's record files. Little-endian. */
const HEAD_BYTES = 12
const TAIL_BYTES = 4
/** Pictures and graphs lie in event files too; a scalar takes some tens of bytes. */
const MOST_RECORD_BYTES = 256e6

/** Where reading ended before the file did, a sentence; null where all of it was read. */
export type Ended = string | null

/**
 * The records of a file, one after the other. A file that is still written to, or was cut off, ends within one: what is before that is good.
 *
 * @param onEnd Hears why it ended, once.
 * @throws UserError where the file cannot be read at all.
 */
export function* readRecords(file: string, onEnd: (ended: Ended) => void): Generator<Uint8Array> {
  const descriptor = attempt(file, () => openSync(file, 'r'))
  try {
    const stat = attempt(file, () => fstatSync(descriptor))
    if (!stat.isFile()) throw new UserError('this is no file', { place: file })
    const { size } = stat
    const head = Buffer.alloc(HEAD_BYTES)
    for (let at = 0; at < size;) {
      if (!fill(file, descriptor, head, at)) return onEnd(`it ends within a record, at byte ${at}`)
      if (head.readUInt32LE(8) !== maskedCrc32c(head.subarray(0, 8))) return onEnd(`it is damaged at byte ${at}`)
      const length = Number(head.readBigUInt64LE(0))
      if (length > MOST_RECORD_BYTES) return onEnd(`a record of ${length} bytes is too large, at byte ${at}`)
      if (at + HEAD_BYTES + length + TAIL_BYTES > size) return onEnd(`it ends within a record, at byte ${at}`)
      const body = Buffer.alloc(length + TAIL_BYTES)
      if (!fill(file, descriptor, body, at + HEAD_BYTES)) return onEnd(`it ends within a record, at byte ${at}`)
      const data = body.subarray(0, length)
      if (body.readUInt32LE(length) !== maskedCrc32c(data)) return onEnd(`it is damaged at byte ${at}`)
      yield data
      at += HEAD_BYTES + length + TAIL_BYTES
    }
    onEnd(null)
  } finally {
    closeSync(descriptor)
  }
}

/** Whether a file begins as one of records does, whatever it is called. @throws UserError where it cannot be read. */
export function beginsWithRecord(file: string): boolean {
  const descriptor = attempt(file, () => openSync(file, 'r'))
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return fill(file, descriptor, head, 0) && head.readUInt32LE(8) === maskedCrc32c(head.subarray(0, 8))
  } finally {
    closeSync(descriptor)
  }
}

/** A record as it lies in a file. */
export function framed(data: Uint8Array): Buffer {
  const record = Buffer.alloc(HEAD_BYTES + data.length + TAIL_BYTES)
  record.writeBigUInt64LE(BigInt(data.length), 0)
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8)
  record.set(data, HEAD_BYTES)
  record.writeUInt32LE(maskedCrc32c(data), HEAD_BYTES + data.length)
  return record
}

function fill(file: string, descriptor: number, target: Buffer, at: number): boolean {
  for (let done = 0; done < target.length;) {
    const read = attempt(file, () => readSync(descriptor, target, done, target.length - done, at + done))
    if (read === 0) return false
    done += read
  }
  return true
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, { place: file })
  }
}
