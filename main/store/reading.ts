import { accessSync, constants, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { reasonOfAny } from '../files/reasons'
import type { Access } from './connection'

/** How a store is looked at whose folder takes no writing. */

/** Why nothing can be written to the store; undefined where it can. */
export function writeRefusal(home: string, file: string): UserError | undefined {
  for (const place of [home, file])
    try {
      accessSync(place, constants.W_OK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      return new UserError(
        `the data folder cannot be written, as ${reasonOfAny(error)}: its runs can be looked at, but nothing is changed`,
        {
          place: home,
          remedy: 'give yourself write permission, or choose another with --home or NORMLAB_HOME',
        },
      )
    }
  return undefined
}

/** The file as it lies there, where it is whole without its log; else a copy. */
export function readingAccess(file: string, refusal: UserError): Access & { readonly copy?: string } {
  const size = (name: string): number | undefined => statSync(name, { throwIfNoEntry: false })?.size
  if (size(file) && !size(`${file}-wal`)) return { place: file, isUnchanging: true, refusal }
  return copied(file, refusal)
}

/** A copy in a temporary folder, which is the caller's to remove: what is of an older version is brought up there. */
export function copied(file: string, refusal: UserError): Access & { readonly copy: string } {
  let folder: string | undefined
  try {
    folder = mkdtempSync(path.join(tmpdir(), 'normlab-reading-'))
    const place = path.join(folder, path.basename(file))
    for (const ending of ['', '-wal'])
      if (statSync(file + ending, { throwIfNoEntry: false })) copyFileSync(file + ending, place + ending)
    return { place, refusal, copy: folder }
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    throw new UserError(`the store cannot be read: ${reasonOfAny(error)}`, {
      place: file,
      remedy: 'give yourself permission, and some space in the folder for temporary files',
    })
  }
}
