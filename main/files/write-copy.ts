import { readPieces } from './pieces'
import { writeFile } from './write-file'

/** Writes what another file of ours holds, piece by piece, with a new file's own permissions. @throws UserError that names the target. */
export function writeCopy(from: string, target: string): void {
  writeFile(target, (write) => readPieces(from, write))
}
