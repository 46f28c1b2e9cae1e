import { closeSync, openSync, readSync } from 'node:fs'
import { writeFile } from './write-file'

const PIECE_BYTES = 1 << 20

/** Writes what another file of ours holds, piece by piece, with a new file's own permissions. @throws UserError that names the target. */
export function writeCopy(from: string, target: string): void {
  const source = openSync(from, 'r')
  try {
    writeFile(target, (write) => {
      const piece = Buffer.alloc(PIECE_BYTES)
      for (let got = 0; (got = readSync(source, piece, 0, piece.length, null)) > 0;) write(piece.subarray(0, got))
    })
  } finally {
    closeSync(source)
  }
}
