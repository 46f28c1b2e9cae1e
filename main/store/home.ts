import { chmodSync, closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { makeFolders } from '../files/make-folders'
import { reasonOfAny } from '../files/reasons'
import { elsewhereFile, type Environment, folderElsewhere, isAtHand, xdgFolder } from './elsewhere'
import { refuseUnmoved } from './move-mark'

/** What engines that are asked anything on a data folder write there. */
export const ENGINE_LOG = 'engine.log'

/**
 * Where runs are kept: `--home DIR`, else NORMLAB_HOME, else the folder that was chosen in the app or moved to, else the usual one.
 *
 * @returns an absolute path; nothing is made.
 * @throws UserError where the folder that was chosen is not there.
 */
export function dataFolder(
  option: string | undefined,
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = option || environment.NORMLAB_HOME
  if (chosen) return path.resolve(chosen)
  const file = elsewhereFile(environment, platform)
  const elsewhere = folderElsewhere(file)
  if (elsewhere === undefined) return usualFolder(environment, platform)
  if (isAtHand(elsewhere)) return elsewhere.folder
  throw new UserError('the data folder was put there, and is not there now', {
    place: elsewhere.folder,
    remedy: `bring its disk back, name another with --home, or remove ${file} to use the usual one`,
  })
}

/** The place that the system gives to an application's data. */
export function usualFolder(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'NormLab')
  if (platform === 'win32') return path.join(environment.LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local'), 'NormLab')
  return path.join(xdgFolder(environment.XDG_DATA_HOME, path.join(homedir(), '.local', 'share')), 'normlab')
}

/** Makes the folder where it is missing. @throws UserError where that cannot be done, or a move to there has not ended. */
export function makeDataFolder(folder: string): string {
  refuseUnmoved(folder)
  try {
    makeFolders(folder)
    return realpathSync(folder)
  } catch (error) {
    throw new UserError(`the data folder cannot be made: ${reasonOfAny(error)}`, {
      place: folder,
      remedy: 'choose another with --home or NORMLAB_HOME',
    })
  }
}

/** Lets nobody but its owner read a file, also one that is not there yet: what is made beside it gets the same permissions. */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  } catch {
    // Somebody else's file; whoever opens it says what is the matter.
  }
}
