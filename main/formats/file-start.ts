import fs from 'node:fs'
import { UserError } from '../../shared/errors'
import { reasonOfAny } from '../files/reasons'

/** The first bytes of a file; fewer where it is shorter. @throws UserError where it cannot be read. */
export function readStart(file: string, bytes: number): Uint8Array {
  try {
    const descriptor = fs.openSync(file, 'r')
    try {
      const start = Buffer.alloc(bytes)
      return start.subarray(0, fs.readSync(descriptor, start, 0, bytes, 0))
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** What to tell of a file that the system does not let us read. */
export function unreadable(file: string, error: unknown): UserError {
  return new UserError(`it cannot be read: ${reasonOfAny(error)}`, {
    place: file,
    remedy: 'see that it is there and that you may read it, and try again',
  })
}
