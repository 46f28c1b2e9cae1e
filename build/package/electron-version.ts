import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/errors'

/** The version of an Electron distribution. */
export async function foundElectron(folder: string): Promise<string> {
  return (await readFile(path.join(folder, 'version'), 'utf8')).trim().replace(/^v/, '')
}

/** The version of Electron that the lockfile names, which NormLab is made for. */
export async function lockedElectron(root: string): Promise<string> {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string } | undefined>
  }
  const version = lock.packages['node_modules/electron']?.version
  if (version === undefined) throw new Error('the lockfile names no Electron')
  return version
}

/**
 * Whether a distribution may be packed. What is given to others should be the version that is locked: an older one may have holes that are known.
 * @param isAsFound Whether somebody said that the found one shall do.
 * @throws UserError where it is another version, and nobody said so.
 */
export function checkElectron(found: string, locked: string, isAsFound: boolean): void {
  if (found === locked || isAsFound) return
  throw new UserError(`Electron ${found} was found, and NormLab is locked to ${locked}`, {
    remedy: `bring ${locked} (ELECTRON_MIRROR, ELECTRON_OVERRIDE_DIST_PATH), or pack the found one with --electron-as-found`,
  })
}
