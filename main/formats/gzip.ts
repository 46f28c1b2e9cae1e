import { gunzipSync, constants } from 'node:zlib'
import { UserError } from '../../shared/errors'

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** As much as the first bytes of a gzip unpack to; nothing where they are damaged. */
export function gunzipStart(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return new Uint8Array(0)
  }
}

/** @throws UserError where it is damaged, cut short, or unpacks to more than fits. */
export function gunzip(bytes: Uint8Array, place: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 31 - 1 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const what = code === 'ERR_BUFFER_TOO_LARGE' ? 'unpacks to more than 2 GB' : 'is damaged or cut short'
    throw new UserError(`this gzip file ${what}`, { place })
  }
}
