import * as fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'

/** Bytes of one read; a single call takes at most 2 GiB. */
const pieceBytes = 64 * 2 ** 20

/** @throws UserError where they cannot be read. */
export function readBytes(file: string, descriptor: number, start: number, bytes: number): ArrayBuffer {
  return attempt(file, () => {
    const target = new Uint8Array(bytes)
    for (let done = 0; done < bytes;) {
      const got = fs.readSync(descriptor, target, done, Math.min(bytes - done, pieceBytes), start + done)
      if (got === 0) throw malformed(file, 'it became shorter while it was open')
      done += got
    }
    return target.buffer
  })
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'check its name, and whether it was removed',
  EACCES: 'give yourself permission to read it',
  EPERM: 'give yourself permission to read it',
}

/** The system's errors, in words. */
export function attempt<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`cannot be read: ${reasonOf(error)}`, {
      place: file,
      remedy: REMEDIES[error.code] ?? 'choose another file',
    })
  }
}

export function malformed(file: string, what: string): UserError {
  return new UserError(`not a valid safetensors file: ${what}`, { place: file })
}
