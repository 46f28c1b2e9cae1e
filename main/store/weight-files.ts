import { createHash } from 'node:crypto'
import { accessSync, copyFileSync, constants, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { readPieces } from '../files/pieces'
import { reasonOf } from '../files/reasons'
import { notWritten, OWNERS, writeFileBy } from '../files/write-file'
import { keptWeights } from './library'
import type { Store } from './store'

/** The weights of the library's networks: `weights/ITEM-HASH.safetensors` in the data folder. A file never changes. */

/** A file that no item claims may be another lab's, on its way; it is left alone for this long, milliseconds. */
const UNCLAIMED_MS = 60 * 60 * 1000

/** Where weights are put before they are known to be whole; the folder is made. @throws UserError where it cannot be. */
export function weightsFolder(home: string): string {
  return makeWeightsFolder(path.join(home, 'weights'))
}

function makeWeightsFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch (error) {
    throw new UserError(`the folder for weights cannot be made: ${reasonOf(error as NodeJS.ErrnoException)}`, {
      place: folder,
      remedy: 'make room on the disk, or choose another data folder',
    })
  }
}

export const itemWeightsFile = (home: string, item: number, hash: string): string =>
  path.join(home, 'weights', `${item}-${hash}.safetensors`)

/** Weights are gone or shut that were there a moment ago, or cannot be kept; the remedy is that of whoever needs them. */
function weightsGone(place: string, error: Pick<NodeJS.ErrnoException, 'code'>, remedy: string): UserError {
  const what = error.code === 'ENOENT' ? 'the file of these weights is gone' : `these weights cannot be read: ${reasonOf(error)}`
  return new UserError(what, { place, remedy })
}

const CHOOSE_OTHERS = 'bring them back from where they came, or choose others'

/** SHA-256 of a file, hexadecimal. @param name What messages call it. @throws UserError where it cannot be read. */
export function hashFile(file: string, name = file): string {
  const hash = createHash('sha256')
  try {
    readPieces(file, (piece) => hash.update(piece))
  } catch (error) {
    throw weightsGone(name, error as NodeJS.ErrnoException, CHOOSE_OTHERS)
  }
  return hash.digest('hex')
}

/** Weights that lie in a file, and what the user knows it as. */
export interface NamedWeights {
  readonly file: string
  readonly name: string
}

/** Copies weights, aside and into place; folders are made. @throws UserError where that cannot be done. */
export function copyWeights(from: NamedWeights, to: string): void {
  makeWeightsFolder(path.dirname(to))
  // The system may share the bytes between the two.
  writeFileBy(to, (aside) => copyFile(from, aside, to), OWNERS)
}

function copyFile({ file, name }: NamedWeights, aside: string, to: string): void {
  try {
    copyFileSync(file, aside, constants.COPYFILE_FICLONE)
  } catch (error) {
    // The system names no side of the two.
    requireReadable(file, name)
    throw notWritten(to, error as NodeJS.ErrnoException)
  }
}

function requireReadable(file: string, name: string): void {
  try {
    accessSync(file, constants.R_OK)
  } catch (error) {
    throw weightsGone(name, error as NodeJS.ErrnoException, CHOOSE_OTHERS)
  }
}

/** Gives weights that were taken in the place where they are kept. @returns their bytes. @throws UserError where it cannot be done. */
export function keepWeights(taken: NamedWeights, kept: string): number {
  try {
    const { size } = statSync(taken.file)
    renameSync(taken.file, kept)
    return size
  } catch (error) {
    requireReadable(taken.file, taken.name)
    throw notWritten(kept, error as NodeJS.ErrnoException)
  }
}

/** Removes the files that no item of the library has any more. */
export function sweepWeights(store: Store, now = Date.now()): void {
  const claimed = new Set(keptWeights(store).map(({ item, hash }) => itemWeightsFile(store.home, item, hash)))
  const folder = path.join(store.home, 'weights')
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return
  }
  for (const name of names) {
    const file = path.join(folder, name)
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now
    if (!claimed.has(file) && now - changed > UNCLAIMED_MS) rmSync(file, { force: true })
  }
}
