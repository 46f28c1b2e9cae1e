import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { UserError } from '../../shared/errors'
import { DATABASE } from '../store/backup-format'
import { isUnmoved } from '../store/move-mark'

/** Whether the app was told its data folder when it was started, and would be told it again. */
export function startsNamed(argv: readonly string[], environment = process.env): boolean {
  return Boolean(environment['NORMLAB_HOME']) || wordsWith(argv, '').length !== argv.length + 2
}

/** The words of a start, with this data folder in place of another. */
export function wordsWith(argv: readonly string[], folder: string): string[] {
  const at = argv.indexOf('--home')
  const rest = argv.filter((word, i) => !word.startsWith('--home=') && (at < 0 || (i !== at && i !== at + 1)))
  return [...rest, '--home', folder]
}

/** @throws UserError where it is the present one, or something else than a data folder. */
export function requireDataFolder(home: string, folder: string): void {
  if (!existsSync(folder)) throw new UserError('there is no such folder', { place: folder })
  if (realpathSync(folder) === realpathSync(home)) throw new UserError('this data folder is the one that is open', { place: folder }) // prettier-ignore
  const isUnfinished = isUnmoved(folder)
  const names = readdirSync(folder)
  if (!isUnfinished && (names.length === 0 || names.includes(DATABASE))) return
  throw new UserError(isUnfinished ? 'a move to it was broken off' : 'this is no data folder of NormLab', {
    place: folder,
    remedy: isUnfinished ? 'move the data folder there again' : `choose one with a file ${DATABASE} in it, or an empty one`,
  })
}
