import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { isTestFolder } from '../../shared/scalar-tags'
import { isSystemError, reasonOf } from '../files/reasons'
import { beginsWithRecord } from '../formats/tfevents'

/** An event file of TensorBoard's, and whether its folder says that it is of a test. */
export interface EventFile {
  readonly file: string
  readonly isOfTest: boolean
}

const isEvents = (name: string): boolean => name.includes('tfevents')
/** A run that was taken up again and again leaves a file each time. */
const MOST_FILES = 10_000

/**
 * The event files of one run: those of a folder, and of folders in it that are called like a split (Keras writes `train` and `validation`).
 *
 * @returns undefined for a file that is none.
 * @throws UserError for a folder without any, or with those of several runs.
 */
export function eventFiles(place: string): EventFile[] | undefined {
  const stat = statSync(place, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.isFile() && beginsWithRecord(place) ? [{ file: place, isOfTest: false }] : undefined
  const inFolder = (folder: string, isOfTest: boolean): EventFile[] =>
    names(folder).flatMap((name) => (isEvents(name) ? [{ file: path.join(folder, name), isOfTest }] : []))
  const folders = names(place).filter((name) => statSync(path.join(place, name), { throwIfNoEntry: false })?.isDirectory())
  const splits = folders.filter((name) => isTestFolder(name) || /^train(ing)?$/i.test(name))
  const found = [...inFolder(place, false), ...splits.flatMap((name) => inFolder(path.join(place, name), isTestFolder(name)))]
  if (found.length > MOST_FILES) throw new UserError(`there are ${found.length} event files`, { place })
  if (found.length > 0) return found
  const others = folders.filter((name) => inFolder(path.join(place, name), false).length > 0)
  throw new UserError('the folder has no event files of a run', {
    place,
    remedy:
      others[0] === undefined
        ? 'name the folder in which they lie'
        : `name one of the runs in it: ${others.slice(0, 8).join(', ')}`,
  })
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, { place: folder })
  }
}
