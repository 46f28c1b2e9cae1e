import { closeSync, openSync, readSync } from 'node:fs'

const PIECE_BYTES = 1 << 20

/**
 * What a file holds, piece by piece, from a byte on; one is gone where the next is taken.
 *
 * @param bytes Of a piece, but for the last.
 * @returns up to where it was read. @throws whatever the system says of it, or `take`.
 */
export function readPieces(
  file: string,
  take: (piece: Buffer, at: number) => void,
  { from = 0, bytes = PIECE_BYTES }: { readonly from?: number; readonly bytes?: number } = {},
): number {
  const descriptor = openSync(file, 'r')
  try {
    const piece = Buffer.alloc(bytes)
    let at = from
    // Told places only where they are needed: what cannot be read at one may be read as it comes.
    for (let got = 0; (got = readSync(descriptor, piece, 0, bytes, from === 0 ? null : at)) > 0; at += got)
      take(piece.subarray(0, got), at)
    return at
  } finally {
    closeSync(descriptor)
  }
}
