import { type Dirent, type Stats, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { isText } from '../files/byte-names'
import { isSystemError, reasonOf } from '../files/reasons'

/** Files and folders of a data folder, at most: a link may lead to a whole disk. */
const MOST_FOUND = 1_000_000

/**
 * What lies in a data folder by itself, or by a link to another disk.
 *
 * @throws UserError where the link leads nowhere: what it stood for would be left out without a word.
 */
function statsThroughLink(place: string): Stats | undefined {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats || !lstatSync(place, { throwIfNoEntry: false })) return stats
  throw new UserError('this part of the data folder is a link to what is not there now', {
    place,
    remedy: 'bring its disk back, or remove the link',
  })
}

/** What is read of a place; nothing where it went away meanwhile. @throws UserError where the system does not let it be read. */
function readThere<T>(place: string, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code === 'ENOENT') return undefined
    throw unreadable(place, error)
  }
}

/** What to tell of a part of the data folder that the system does not let us read. */
export const unreadable = (place: string, error: NodeJS.ErrnoException): UserError =>
  new UserError(`this part of the data folder cannot be read: ${reasonOf(error)}`, {
    place,
    remedy: 'make it readable, or take it out of there',
  })

export interface FoundFile {
  /** From the data folder on, with forward slashes. */
  readonly name: string
  readonly stats: Stats
}

export interface FoundFiles {
  readonly files: readonly FoundFile[]
  /** Where its links lead to, by the real paths of files and folders. */
  readonly linked: readonly string[]
}

/**
 * All files of a data folder, links followed wherever they stand: a set may lie on another disk by itself.
 *
 * @param isLeft What is passed over, by its name from the data folder on.
 * @throws UserError where a link leads nowhere, back to a folder that it lies in, or to one that is there already; where something cannot be read, or has a name
 *   that is no text; where there is more than anybody keeps.
 */
export function filesThroughLinks(home: string, isLeft: (name: string) => boolean, most = MOST_FOUND): FoundFiles {
  const files: FoundFile[] = []
  const linked: string[] = []
  const seen = new Map<string, string>()
  let left = most
  const below = (folder: string, above: readonly string[], link: string | undefined): void => {
    const here = path.join(home, folder)
    for (const bytes of readThere(here, () => readdirSync(here, { encoding: 'buffer' })) ?? []) {
      const entry = bytes.toString()
      const name = folder === '' ? entry : `${folder}/${entry}`
      if (isLeft(name)) continue
      const place = path.join(home, name)
      if (!isText(bytes))
        throw new UserError('this name in the data folder is not UTF-8: what has it would be left out', { place, remedy: 'give it another name, or take it out of there' }) // prettier-ignore
      const found = readThere(place, () => {
        const stats = statsThroughLink(place)
        return stats && { stats, isLink: lstatSync(place).isSymbolicLink(), real: realpathSync(place) }
      })
      if (!found) continue
      const { stats, isLink, real } = found
      const through = link ?? (isLink ? place : undefined)
      if (left-- === 0) throw tooMany(through ?? here, most)
      if (isLink) linked.push(real)
      if (stats.isFile()) files.push({ name, stats })
      if (!stats.isDirectory()) continue
      if (above.includes(real))
        throw new UserError('this link in the data folder leads back to a folder that it lies in', { place, remedy: 'remove the link' }) // prettier-ignore
      const earlier = seen.get(real)
      if (earlier !== undefined)
        throw new UserError(`this folder is in the data folder twice, by a link: it is ${earlier} too`, { place, remedy: 'remove the link' }) // prettier-ignore
      seen.set(real, name)
      below(name, [...above, real], through)
    }
  }
  below('', [realpathSync(home)], undefined)
  return { files, linked }
}

const tooMany = (place: string, most: number): UserError =>
  new UserError(
    `more than ${most.toLocaleString('en')} files and folders of the data folder are not copied, and here it has more`,
    {
      place,
      remedy: 'take out what is not NormLab’s',
    },
  )

/**
 * Where a folder and the links below it lead to, by real paths, as far as that can be seen: for what is not copied, whose links may well lead nowhere.
 *
 * @param folder One that may not be there.
 */
export function placesThroughLinks(folder: string, most = MOST_FOUND): readonly string[] {
  const places = new Set<string>()
  let left = most
  const below = (place: string): void => {
    const real = realPathOf(place)
    if (real === undefined || places.has(real)) return
    places.add(real)
    for (const entry of entriesOf(real)) {
      if (left-- <= 0) return
      if (entry.isSymbolicLink() || entry.isDirectory()) below(path.join(real, entry.name))
    }
  }
  below(folder)
  return [...places]
}

function realPathOf(place: string): string | undefined {
  try {
    return realpathSync(place)
  } catch {
    return undefined
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
