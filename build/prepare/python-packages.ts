import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { cached } from './cache'
import { run } from './command'
import { findPip, PIP_SETTINGS } from './pip'

/** Other programs that write data sets, for the tests to hold ours against. */
const PACKAGES = ['numpy', 'pillow', 'pyarrow']

/**
 * A folder with Python's packages for the tests, to be named in PYTHONPATH; fetched once.
 *
 * @throws UserError where pip is missing or the package index cannot be reached.
 */
export async function pythonPackages(): Promise<string> {
  const [command, ...args] = await findPip()
  return cached({
    name: `python-packages-${PACKAGES.join('-')}-1`,
    peakBytes: 700e6,
    isWhole: (folder) => PACKAGES.every((name) => existsSync(path.join(folder, name === 'pillow' ? 'PIL' : name))),
    make: async (folder) => {
      const found = await run(command, [...args, 'install', '--quiet', '--only-binary=:all:', '--target', folder, ...PACKAGES], {
        env: { ...process.env, ...PIP_SETTINGS },
      })
      if (found.status !== 0)
        throw new UserError(
          `pip could not install ${PACKAGES.join(' and ')} (${found.stderr.trim().split('\n').at(-1) ?? 'no reason given'})`,
          {
            remedy: 'check the network, or the index that pip is set to, then run this again',
          },
        )
    },
  })
}
