import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { OWNERS, writeFile } from '../files/write-file'

/**
 * Some space in the data folder that is kept for the day when the disk is full: to delete a run, SQLite needs room for its log. It is let go
 * then, and taken again when the store is closed.
 */

const RESERVE_BYTES = 1 << 19

const reserveFile = (home: string): string => path.join(home, 'reserve')

/** Random bytes, as some file systems keep no room for zeros. */
export function takeReserve(home: string): void {
  if (existsSync(reserveFile(home))) return
  try {
    writeFile(reserveFile(home), randomBytes(RESERVE_BYTES), OWNERS)
  } catch {
    // The disk is full already, or nothing can be written here; both are told of where they matter.
  }
}

/** @returns whether there was one. */
export function releaseReserve(home: string): boolean {
  const isThere = existsSync(reserveFile(home))
  rmSync(reserveFile(home), { force: true })
  return isThere
}
