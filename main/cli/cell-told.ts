import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { readPieces } from '../files/pieces'
import { writeAll } from '../files/write-file'
import { PIECE_BYTES, type ToldFile, toldLine } from '../../shared/places/told-lines'

const STDOUT = 1

/** Tells on the standard output what a cell's folder has: its log as it grows, and at the end its last word and its bundle. */
export class CellTeller {
  private told = 0

  constructor(private readonly out: string) {}

  /** What came to the log since the last time; at first all of it, as nobody may have read what another task told. */
  log(): void {
    this.told = this.tell('log', this.told, false)
  }

  end(): void {
    this.log()
    this.tell('end', 0, true)
    this.tell('bundle', 0, true)
  }

  /** @returns up to where the file was told. */
  private tell(file: ToldFile, from: number, isWhole: boolean): number {
    const name = path.join(this.out, file === 'bundle' ? 'run.bundle' : file)
    if (!existsSync(name)) return from
    const total = isWhole ? statSync(name).size : null
    // All of a line before anything else is done: the process may be ended at any time.
    const write = (piece: Buffer, at: number): void =>
      writeAll(STDOUT, Buffer.from(toldLine(file, at, total, piece.toString('base64'))))
    return readPieces(name, write, { from, bytes: PIECE_BYTES })
  }
}
