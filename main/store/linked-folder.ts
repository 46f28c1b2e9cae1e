import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'

/**
 * What lies in a data folder by itself, or by a link to another disk.
 *
 * @throws UserError where the link leads nowhere: what it stood for would be left out without a word.
 */
export function statsThroughLink(place: string): Stats | undefined {
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats || !lstatSync(place, { throwIfNoEntry: false })) return stats
  throw new UserError('this part of the data folder is a link to what is not there now', {
    place,
    remedy: 'bring its disk back, or remove the link',
  })
}

export interface FoundFile {
  /** From the data folder on, with forward slashes. */
  readonly name: string
  readonly stats: Stats
}

/**
 * All files of a data folder, links followed wherever they stand: a set may lie on another disk by itself.
 *
 * @param isLeft What is passed over, by its name from the data folder on.
 * @throws UserError where a link leads nowhere, or back to a folder that it lies in.
 */
export function filesThroughLinks(home: string, isLeft: (name: string) => boolean): FoundFile[] {
  const below = (folder: string, above: readonly string[]): FoundFile[] =>
    readdirSync(path.join(home, folder)).flatMap((entry): FoundFile[] => {
      const name = folder === '' ? entry : `${folder}/${entry}`
      if (isLeft(name)) return []
      const place = path.join(home, name)
      const stats = statsThroughLink(place)
      if (!stats?.isDirectory()) return stats?.isFile() ? [{ name, stats }] : []
      const real = realpathSync(place)
      if (above.includes(real))
        throw new UserError('this link in the data folder leads back to a folder that it lies in', { place, remedy: 'remove the link' }) // prettier-ignore
      return below(name, [...above, real])
    })
  return below('', [realpathSync(home)])
}
