import fs from 'node:fs'
import { UserError } from '../../shared/errors'

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
    throw new UserError(`this file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { place: file })
  }
}
