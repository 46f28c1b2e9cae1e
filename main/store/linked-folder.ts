import { lstatSync, statSync, type Stats } from 'node:fs'
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
