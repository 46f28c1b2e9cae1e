import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { cached } from './cache'
import { run } from './command'
import { findPip, isNotThere, PIP_SETTINGS } from './pip'

/** The first with tokens was 2.52; its extra `default` is the dashboard with the Jobs interface. */
const VERSION = '2.60.0'

export interface PreparedRay {
  readonly python: string
  /** For PYTHONPATH. */
  readonly folder: string
}

/**
 * Ray for the tests of what is sent to a Ray cluster; fetched once.
 *
 * @returns nothing where the package index has none for this system: another processor, a Python that it is not made for. Its tests are left out there.
 * @throws UserError where pip is missing or the package index cannot be reached.
 */
export async function prepareRay(): Promise<PreparedRay | undefined> {
  if (process.platform !== 'linux') return undefined
  const [command, ...args] = await findPip()
  const none = new Error('none for this system')
  const made = cached({
    name: `ray-${VERSION}-1`,
    peakBytes: 900e6,
    isWhole: (made) => existsSync(path.join(made, 'ray/scripts/scripts.py')) && existsSync(path.join(made, 'aiohttp_cors')),
    make: async (made) => {
      process.stderr.write(`Installing Ray ${VERSION} for the tests of clusters\n`)
      const found = await run(
        command,
        [...args, 'install', '--quiet', '--only-binary=:all:', '--target', made, `ray[default]==${VERSION}`],
        { env: { ...process.env, ...PIP_SETTINGS } },
      )
      if (found.status !== 0 && isNotThere(found)) throw none
      if (found.status !== 0)
        throw new UserError(`pip could not install Ray (${found.stderr.trim().split('\n').at(-1) ?? 'no reason given'})`, {
          remedy: 'check the network, or the index that pip is set to, then run this again',
        })
    },
  })
  const folder = await made.catch((error: unknown) => {
    if (error === none) return undefined
    throw error
  })
  return folder === undefined ? undefined : { python: command.startsWith('python') ? command : 'python3', folder }
}
