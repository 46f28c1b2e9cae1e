import { closeSync, openSync, readSync } from 'node:fs'

const PIECE_BYTES = 1 << 20

/** What a file holds, piece by piece; one is gone where the next is taken. @throws whatever the system says of it, or `take`. */
export function readPieces(file: string, take: (piece: Uint8Array) => void): void {
  const descriptor = openSync(file, 'r')
  try {
    const piece = Buffer.alloc(PIECE_BYTES)
    for (let got = 0; (got = readSync(descriptor, piece, 0, piece.length, null)) > 0;) take(piece.subarray(0, got))
  } finally {
    closeSync(descriptor)
  }
}
