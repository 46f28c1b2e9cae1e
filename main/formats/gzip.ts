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

/** Bytes that one may unpack to, at most. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * @param expected Bytes that it should unpack to, where that is known: it takes the memory of these, once, and is given up behind them.
 * @throws UserError where it is damaged, cut short, or unpacks to more than fits.
 */
export function gunzip(bytes: Uint8Array, place: string, expected = MOST_BYTES): Uint8Array {
  // In one piece: of several, each and what they are joined to are there at once.
  const whole = expected < MOST_BYTES && { chunkSize: Math.max(constants.Z_MIN_CHUNK, expected + 1) }
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.min(expected, MOST_BYTES), ...whole })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const what =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `unpacks to more than ${whole ? `the ${expected} bytes that its header says` : '2 GB'}`
        : 'is damaged or cut short'
    throw new UserError(`this gzip file ${what}`, { place })
  }
}
